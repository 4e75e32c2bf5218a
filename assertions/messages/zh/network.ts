import type { NetworkEvent, TrialEvent } from '#weir/facts/index.ts'
import type { Differs } from '../../evidence/service-differs.ts'
import type { network as english } from '../network.ts'
import { listed, seconds } from './chinese.ts'

const KIND: Readonly<Record<TrialEvent['kind'], string>> = {
  'node-port': '节点端口',
  'cluster-ip': 'ClusterIP',
  'load-balancer': '负载均衡',
  'external-ip': '外部 IP ',
}

const where = ({ what, host, port, kind, service }: TrialEvent) =>
  `${what === 'management' ? 'EMQX 的管理端口' : what}（${host}:${port}，${service === undefined ? '' : `Service ${service} 的`}${KIND[kind]}）`

const outcome = ({ outcome: is, why }: TrialEvent) =>
  ({
    served: '客户端收发了一条消息',
    denied: 'EMQX 拒绝了客户端',
    answered: '有应答，但不是这种监听器',
    closed: '连接没有被接受',
  })[is] + (why === undefined ? '' : `（${why}）`)

const alike = (others: number) => (others === 0 ? '' : `另有 ${others} 个地址也是如此。`)

function differing(wrong: Differs | 'missing' | 'still-there', { service }: NetworkEvent): string {
  if (wrong === 'missing') return `没有 Service ${service}`
  if (wrong === 'still-there') return `Service ${service} 仍然存在`
  switch (wrong.what) {
    case 'type':
      return `Service ${service} 的类型是 ${wrong.is}，而不是 ${wrong.asked}`
    case 'no-port':
      return `Service ${service} 没有端口 ${wrong.port}`
    case 'port':
      return `Service ${service} 的端口 ${wrong.port} 的 ${wrong.field} 是 ${wrong.is}，而不是 ${wrong.asked}`
    case 'policy':
      return `Service ${service} 的 externalTrafficPolicy 是 ${wrong.is}，而不是 ${wrong.asked}`
    case 'no-address':
      return `Service ${service} 没有负载均衡的地址`
    case 'annotation':
      return `Service ${service} 的注解 ${wrong.key} ${wrong.is === undefined ? '不存在' : '的值与要求不同'}`
    default:
      return `Service ${service} 仍有已移除的注解 ${wrong.key}`
  }
}

/** Messages of the assertions on how clients come in from outside. */
export const network: typeof english = {
  exposure: {
    bound: ({ listeners }) =>
      listeners.length === 0
        ? '外部无法连接 EMQX 的任何端口'
        : `外部客户端可以使用 ${listed(listeners)}，且不能连接其他端口`,
    noBound: '外部可以连接所要求的端口，且不能连接其他端口',
    noChange: '没有记录到网络的更改',
    noChangeSettle: '请运行更改网络访问方式的操作。',
    untried: '更改之后没有尝试任何地址',
    untriedSettle: '请在更改之后加入 try-addresses 步骤。',
    measured: (v) => `${v.asked} 个地址中 ${v.served} 个可用，另有 ${v.exposed} 个可以连接`,
    unreached: ({ trial, others }) => `${where(trial)}不能为客户端服务：${outcome(trial)}。${alike(others)}`,
    exposed: ({ trial, others }) =>
      `${where(trial)}可以从外部连接，但没有这样的要求：${outcome(trial)}。${alike(others)}`,
    denied: ({ trial }) =>
      `${where(trial)}可以连接，但拒绝了 weir 的客户端${trial.why === undefined ? '' : `（${trial.why}）`}`,
    deniedSettle:
      '请提供监听器对客户端的要求：用户名和密码（WEIR_MQTT_USERNAME 和 WEIR_MQTT_PASSWORD），以及 weir/trial/# 的权限。要求客户端证书的监听器须手动尝试。',
    foreign: ({ trial }) =>
      `可以连接 ${trial.host}:${trial.port}，而集群的 Service 都没有这个端口：可能属于其他程序`,
    foreignSettle: '请查明还有谁使用这个负载均衡的地址。',
    beyondReach: ({ beyondReach }) => `${beyondReach} 个地址都从未应答本机`,
    beyondReachSettle: '请在客户端所在的位置运行 weir。',
    local: ({ trial }) =>
      `${where(trial)}不能为客户端服务，尝试过的节点都不能：externalTrafficPolicy 为 Local 时只有运行 Pod 的节点可以`,
    localSettle: '请在可以连接更多节点的位置运行 weir。',
    nonePast: '没有尝试更改之前曾经应答的地址',
    unseen: ({ listener }) => `没有尝试可以从本机连接的 ${listener} 地址`,
    noneSettle: '请查看 service-as-asked，并重新运行。',
    held(v) {
      const inside = v.served.length - v.outside.length
      const from = inside === 0 ? '' : `集群内部的 ${inside} 个监听器照常服务。`
      if (v.network === 'ClusterIP') return `外部的 ${v.closed.length} 个地址都不能再连接。${from}`
      const listeners = [...new Set(v.outside.map(({ what }) => what))]
      const closed = v.closed.length === 0 ? '' : `，其他 ${v.closed.length} 个地址都不能连接`
      return `客户端通过 ${listed(listeners)} 的 ${v.outside.length} 个地址收发了消息${closed}。${from}`
    },
    seen: '对每个地址的尝试',
  },
  'service-as-asked': {
    bound: ({ within }) => `更改之后 ${within} 秒之内符合要求，并保持到最后`,
    noChange: '没有记录到网络的更改',
    noChangeSettle: '请运行更改网络访问方式的操作。',
    blind: '触发之后对 Service 的监视中断',
    unfinished: ({ wrong, asked }) => `记录在期限之前结束（${differing(wrong, asked)}）`,
    measured: ({ ns }) => `${seconds(ns)}之后`,
    measuredNever: ({ ns }) => `${seconds(ns)}之内没有`,
    never: (v) =>
      `更改之后 ${seconds(v.ns)}，${differing(v.wrong, v.asked)}${v.said === undefined ? '' : `；Kubernetes 的警告：${v.said}`}。`,
    late: (v) => `Service ${v.asked.service} 在更改之后 ${seconds(v.ns)}才符合要求，晚于 ${v.within} 秒。`,
    held: ({ asked, ns }) =>
      asked.network === 'ClusterIP' && asked.by === 'weir'
        ? `更改之后 ${seconds(ns)}，Service ${asked.service} 已不存在。`
        : `更改之后 ${seconds(ns)}，Service ${asked.service} 的类型是 ${asked.network}，端口和注解符合要求。`,
    seen: ({ service }) => `Service ${service} 的变化`,
  },
}
