import type { AddressChange } from '../../evidence/address-ledger.ts'
import type { addresses as english } from '../addresses.ts'
import { listed, seconds, when } from './chinese.ts'

const WORDS = {
  'cluster-ip': 'Cluster IP',
  'node-port': 'NodePort',
  'load-balancer': '负载均衡器地址',
  'external-ip': '外部 IP',
} as const

const thing = ({ what, port }: Pick<AddressChange, 'what' | 'port'>): string => {
  if (what === 'type') return '类型'
  if (what === 'removed') return 'Service'
  return port ? `端口 ${port} 的${before(WORDS[what])}` : WORDS[what]
}

/** With the space that stands between Chinese and Latin. */
const before = (text: string) => (/^\w/.test(text) ? ` ${text}` : text)
const after = (text: string) => (/\w$/.test(text) ? `${text} ` : text)

function became({ service, what, port, from, to }: AddressChange): string {
  if (what === 'removed') return `Service ${service} 被删除${to === '' ? '' : '，之后重新创建'}`
  const of = `Service ${service} 的${before(thing({ what, port }))}`
  if (to === from) return `${of} ${from} 一度改变或消失`
  return to === '' ? `${of} ${from} 消失` : `${after(of)}由 ${from} 变为 ${to}`
}

const cut = (clients: number): string => (clients === 0 ? '' : `，有 ${clients} 个客户端经由它连接，计为断开`)

/** Messages of the assertion on the addresses of Services. */
export const addresses: typeof english = {
  'addresses-kept': {
    bound: ({ loadBalancers, types, removed }) => {
      const but = [
        ...(loadBalancers > 0 ? [`${loadBalancers} 个负载均衡器`] : []),
        ...(types > 0 ? [`${types} 个 Service 的类型`] : []),
        ...(removed > 0 ? [`${removed} 个被删除的 Service`] : []),
      ]
      return `Service 的地址不变${but.length > 0 ? `，${listed(but)}除外` : ''}`
    },
    noChange: '记录中没有更改',
    noServices: '记录中没有更改之前的 Service',
    noServicesSettle: '请允许 weir 列出并监视 Service：见 deploy/rbac.yaml。',
    blind: '触发之后 Service 的监视连接曾丢失',
    changed: ({ others, clients, ...change }) =>
      `${when(change.at)}，${became(change)}${cut(clients)}${others > 0 ? `；另有 ${others} 个地址改变` : ''}。`,
    measured: ({ changes }) =>
      changes
        .slice(0, 3)
        .map(({ service, from, to, ...what }) =>
          what.what === 'removed'
            ? `${service} 被删除`
            : `${service} ${thing(what)}：${from} 变为 ${to === '' ? '无' : to}`,
        )
        .concat(changes.length > 3 ? [`另外 ${changes.length - 3} 个`] : [])
        .join('，'),
    measuredHeld: ({ services, addresses: all }) => `${services} 个 Service 的 ${all} 个地址不变`,
    held: ({ services, addresses: all, ns }) =>
      `${seconds(ns)}之内，${services} 个 Service 的 ${all} 个地址保持不变。`,
    heldBut: ({ announced }) =>
      `如事先所示，${announced.map((one) => `${when(one.at)}，${became(one)}${cut(one.clients)}`).join('；')}。其他地址不变。`,
    seen: '监视到的 Service',
  },
}
