import { type AddressedService, ledgerOf, type ServiceLedger } from '#weir/facts/index.ts'
import { type RunView, servicesAt } from '#weir/record/view/index.ts'

/** What of a Service's addresses became another. */
export interface AddressChange {
  /** When it was first seen to differ. */
  t: number
  service: string
  what: 'removed' | 'type' | 'cluster-ip' | 'node-port' | 'load-balancer' | 'external-ip'
  /** Name of the port, of a node port. */
  port?: string
  from: string
  /** As it was seen last; '' for none. The same as `from` where it was taken back. */
  to: string
}

/** The Services of a cluster, and every address that was there before the change or came after it. */
export interface AddressLedger {
  /** Services that were there before. */
  services: number
  /** Their addresses: cluster IPs, node ports, and addresses of load balancers. */
  addresses: number
  /** In the order of time, each address once. */
  changes: AddressChange[]
}

/**
 * What was watched of Services from `fromT` on. An address that comes where none was is no change, and is to be kept from then on. When the
 * resource is deleted its Services go with it.
 */
export function addressLedger(run: RunView, fromT: number, toT: number): AddressLedger {
  const untilT = Math.min(toT, deletedT(run, fromT))
  const histories = new Map<string, History>()
  const before = new Map([...servicesAt(run, fromT)].map(([name, service]) => [name, ledgerOf(service)]))
  const events = run.of('watch').filter(({ kind, t }) => kind === 'Service' && t > fromT && t < untilT)
  for (const { t, name, event, object } of events) {
    const ledger = event === 'DELETED' ? undefined : ledgerOf(object as AddressedService)
    const history = histories.get(name) ?? new History(name, before.get(name))
    histories.set(name, history)
    history.see(t, ledger)
  }
  return {
    services: before.size,
    addresses: [...before.values()].reduce((sum, ledger) => sum + addressCount(ledger), 0),
    changes: [...histories.values()].flatMap(({ changes }) => changes).sort((a, b) => a.t - b.t),
  }
}

const addressCount = ({ clusterIp, nodePorts, loadBalancer, externalIps }: ServiceLedger): number =>
  (clusterIp === undefined || clusterIp === 'None' ? 0 : 1) +
  nodePorts.size +
  loadBalancer.length +
  externalIps.length

/** When the resource was deleted, or was seen to be. */
function deletedT(run: RunView, fromT: number): number {
  const asked = run.of('action').find(({ t, action }) => t >= fromT && action === 'delete')
  const seen = run.of('cr').find(({ t, deleted, deleting }) => t > fromT && (deleted || deleting === true))
  return Math.min(asked?.t ?? Number.POSITIVE_INFINITY, seen?.t ?? Number.POSITIVE_INFINITY)
}

/** What one Service was and became. */
class History {
  readonly changes: AddressChange[] = []
  readonly #service: string
  /** What is to be kept: each part as it was first. */
  readonly #kept = new Map<string, Part>()
  readonly #changed = new Map<string, AddressChange>()

  constructor(service: string, before: ServiceLedger | undefined) {
    this.#service = service
    this.#keep(partsOf(before))
  }

  see(t: number, ledger: ServiceLedger | undefined): void {
    const parts = partsOf(ledger)
    for (const [key, kept] of this.#kept) {
      // Of a Service that is not there nothing else is worth a word.
      if (ledger === undefined && key !== 'removed') continue
      this.#compare(t, key, kept, parts.get(key)?.text ?? '')
    }
    this.#keep(parts)
  }

  #keep(parts: ReadonlyMap<string, Part>): void {
    for (const [key, part] of parts) if (part.text !== '' && !this.#kept.has(key)) this.#kept.set(key, part)
  }

  #compare(t: number, key: string, { text: from, ...part }: Part, to: string): void {
    const known = this.#changed.get(key)
    if (known) known.to = to
    else if (to !== from && !joins(part.what, from, to)) {
      const change = { t, service: this.#service, ...part, from, to }
      this.#changed.set(key, change)
      this.changes.push(change)
    }
  }
}

/** Addresses that come to those that were there take nothing away. */
const joins = (what: AddressChange['what'], from: string, to: string): boolean =>
  (what === 'load-balancer' || what === 'external-ip') &&
  from.split(', ').every((address) => to.split(', ').includes(address))

type Part = Pick<AddressChange, 'what' | 'port'> & { text: string }

/** What a Service is reached by, each with a key of its own; nothing of one that is not there. */
function partsOf(ledger: ServiceLedger | undefined): ReadonlyMap<string, Part> {
  if (ledger === undefined) return new Map()
  const parts: Part[] = [
    { what: 'removed', text: 'there' },
    { what: 'type', text: ledger.type },
    { what: 'cluster-ip', text: ledger.clusterIp ?? '' },
    { what: 'load-balancer', text: ledger.loadBalancer.join(', ') },
    { what: 'external-ip', text: ledger.externalIps.join(', ') },
    ...[...ledger.nodePorts].map(([port, text]): Part => ({ what: 'node-port', port, text: String(text) })),
  ]
  return new Map(
    parts.map((part) => [part.port === undefined ? part.what : `${part.what} ${part.port}`, part]),
  )
}
