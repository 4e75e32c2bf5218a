import { isIPv4 } from 'node:net'
import { WeirError } from '#weir/errors/index.ts'

/** What is known of a fleet's connections, and of the machine. */
export interface SourceQuestion {
  clients: number
  /** Client k goes to target k mod their number. */
  targets: readonly { address: string; port: number; host: string }[]
  /** What the user says. */
  chosen?: readonly string[] | undefined
  /** Local ports for connections; undefined where the system does not tell. */
  ports: number | undefined
  /** This machine's own addresses on the way to the targets. */
  own: readonly string[]
}

export interface SourcePlan {
  /** Undefined: the kernel chooses. */
  addresses?: readonly string[]
  /** What the user should know: connecting will be slow. */
  warning?: string
}

/**
 * The source addresses of a fleet: the user's, else none while ports are found at once, else several. Throws WEIR_PORTS
 * when there are too few ports.
 */
export function planSources(question: SourceQuestion): SourcePlan {
  const { chosen, ports, clients } = question
  if (ports === undefined) return chosen ? { addresses: chosen } : {}
  if (chosen) return bound(chosen, question, ports)
  if (clientsOfBusiest(question) <= cheapUnbound(ports)) return {}
  const addresses = severalOf(question, Math.ceil(clients / cheapBound(ports)))
  return addresses.length > 0 && boundIsBetter(question, Math.ceil(clients / addresses.length), ports)
    ? bound(addresses, question, ports)
    : unbound(question, ports)
}

/** Whether so many bound to each address leave more of the cheap ports free than none bound; or are possible where that is not. */
function boundIsBetter(question: SourceQuestion, each: number, ports: number): boolean {
  const most = clientsOfBusiest(question)
  if (most > possible(ports)) return each <= possible(ports)
  return each / cheapBound(ports) < most / cheapUnbound(ports)
}

function severalOf({ targets, own }: SourceQuestion, wanted: number): readonly string[] {
  if (targets.every(({ address }) => isLoopback(address) && isIPv4(address))) return loopbackAddresses(wanted)
  return own.slice(0, wanted)
}

function bound(addresses: readonly string[], { clients }: SourceQuestion, ports: number): SourcePlan {
  const each = Math.ceil(clients / addresses.length)
  const which =
    addresses.length === 1 ? `source address ${addresses[0]}` : `${addresses.length} source addresses`
  if (each > possible(ports))
    throw new WeirError(
      'WEIR_PORTS',
      `${clients} clients from ${which} need ${each} local ports each, but only about ${possible(ports)} of the ${ports} in the range are usable: ${widen(`use ${Math.ceil(clients / possible(ports))} or more source addresses`)}`,
    )
  if (each <= cheapBound(ports)) return { addresses }
  return {
    addresses,
    warning: `${each} connections per source address: above ${cheapBound(ports)} the kernel's search for free ports makes connecting slow: use ${Math.ceil(clients / cheapBound(ports))} source addresses`,
  }
}

function unbound(question: SourceQuestion, ports: number): SourcePlan {
  const most = clientsOfBusiest(question)
  const { host, port } = question.targets[0]!
  const where = question.targets.length === 1 ? `${host}:${port}` : 'one target'
  if (most > possible(ports))
    throw new WeirError(
      'WEIR_PORTS',
      `${most} connections to ${where} need a local port each, but only about ${possible(ports)} of the ${ports} in the range are usable: ${widen('add addresses to this machine, or targets to the fleet')}`,
    )
  return {
    warning: `${most} connections to ${where} from one address: above ${cheapUnbound(ports)} the kernel's search for free ports makes connecting slow: use several source addresses`,
  }
}

function widen(instead: string): string {
  return `widen the range (sysctl net.ipv4.ip_local_port_range="1024 65535"), ${instead}, or use fewer clients`
}

/** Connections to the address and port that most of them go to. */
function clientsOfBusiest({ clients, targets }: SourceQuestion): number {
  const times = new Map<string, number>()
  for (const { address, port } of targets) {
    const key = `${address} ${port}`
    times.set(key, (times.get(key) ?? 0) + 1)
  }
  return Math.ceil((clients * Math.max(...times.values())) / targets.length)
}

/**
 * How many connections the local ports of one address carry. Measured on Linux 6.18 with 28,232 ports, in CPU per 2,000
 * connections: 0.07–0.1 s at first, 1.6 s from 14,000 on (unbound) or 3 s from 7,000 on (bound to an address), and rising
 * (tools/benchmarks/port-search.ts).
 */

/** Of the range others use some, and a closed connection keeps its port for a minute. */
const USABLE_SHARE = 0.9
/** Below the point where the search begins to cost, by the same share of others. */
const CHEAP_SHARE = 0.85

/** To one address and port, with the source address left to the kernel: it tries every second port first (inet_hash_connect). */
function cheapUnbound(ports: number): number {
  return Math.floor((ports / 2) * CHEAP_SHARE)
}

/**
 * From one source address to all targets: a bound socket gets its port before its target is known, and the search tries
 * every second port of the lower half first (inet_csk_find_open_port).
 */
function cheapBound(ports: number): number {
  return Math.floor((ports / 4) * CHEAP_SHARE)
}

/** What is possible at all: unbound to one address and port, bound from one source address. */
function possible(ports: number): number {
  return Math.floor(ports * USABLE_SHARE)
}

export function isLoopback(address: string): boolean {
  return isIPv4(address) ? address.startsWith('127.') : address === '::1'
}

/** The whole of 127.0.0.0/8 is this machine's, on Linux without any set-up: 127.0.0.2, 127.0.0.3, … */
export function loopbackAddresses(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const n = i + 2
    return `127.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
  })
}
