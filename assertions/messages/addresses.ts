import { ADDRESS_WORDS } from '#weir/facts/index.ts'
import type { AddressChange } from '../evidence/address-ledger.ts'
import { type Moment, seconds } from '../evidence/wording.ts'
import { count, listed, when } from './english.ts'

export type Changed = AddressChange & { at: Moment }

const thing = ({ what, port }: Pick<AddressChange, 'what' | 'port'>): string => {
  if (what === 'type') return 'type'
  if (what === 'removed') return 'Service'
  return port ? `${ADDRESS_WORDS[what]} of port ${port}` : ADDRESS_WORDS[what]
}

/** "the node port of port mqtt-ws of Service emqx changed from 31000 to 31001". */
function became({ service, what, port, from, to }: AddressChange): string {
  if (what === 'removed') return `Service ${service} was removed${to === '' ? '' : ' and made again'}`
  const of = `the ${thing({ what, port })} of Service ${service}`
  if (to === from) return `${of}, ${from}, was another or none for a while`
  return to === '' ? `${of}, ${from}, was gone` : `${of} changed from ${from} to ${to}`
}

const cut = (clients: number): string =>
  clients === 0
    ? ''
    : `; ${count(clients, 'client')} ${clients === 1 ? 'was' : 'were'} connected through it, and cut`

const capital = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}`

/** Messages of the assertion on the addresses of Services. */
export const addresses = {
  'addresses-kept': {
    bound: (v: { loadBalancers: number; types: number; removed: number }) => {
      const but = [
        ...(v.loadBalancers > 0 ? [count(v.loadBalancers, 'load balancer')] : []),
        ...(v.types > 0 ? [`the type of ${count(v.types, 'Service')}`] : []),
        ...(v.removed > 0 ? [`${count(v.removed, 'Service')} that ${v.removed === 1 ? 'goes' : 'go'}`] : []),
      ]
      return `no address of a Service changes${but.length > 0 ? `, but for ${listed(but)}` : ''}`
    },
    noChange: 'the record shows no change',
    noServices: 'the record does not show the Services before the change',
    noServicesSettle: 'Let weir list and watch Services: see deploy/rbac.yaml.',
    blind: 'the watch of Services was lost after the trigger',
    changed: ({ others, clients, ...change }: Changed & { others: number; clients: number }) =>
      `${capital(became(change))} ${when(change.at)}${cut(clients)}${others > 0 ? `; the same happened to ${count(others, 'other address', 'other addresses')}` : ''}.`,
    measured: ({ changes }: { changes: readonly AddressChange[] }) =>
      changes
        .slice(0, 3)
        .map(({ service, from, to, ...what }) =>
          what.what === 'removed'
            ? `${service} removed`
            : `${service} ${thing(what)}: ${from} to ${to === '' ? 'none' : to}`,
        )
        .concat(changes.length > 3 ? [`${changes.length - 3} more`] : [])
        .join(', '),
    measuredHeld: (v: { services: number; addresses: number }) =>
      `${count(v.services, 'Service')} with ${count(v.addresses, 'address', 'addresses')}, all kept`,
    held: (v: { services: number; addresses: number; ns: number }) =>
      `${count(v.services, 'Service')} kept ${v.services === 1 ? 'its' : 'their'} ${count(v.addresses, 'address', 'addresses')} for ${seconds(v.ns)}.`,
    heldBut: (v: { announced: readonly (Changed & { clients: number })[] }) =>
      `As announced, ${listed(v.announced.map((one) => `${became(one)} ${when(one.at)}${cut(one.clients)}`))}. No other address changed.`,
    seen: 'Services as they were watched',
  },
}
