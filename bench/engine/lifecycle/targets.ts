import { isIP, isIPv6 } from 'node:net'
import { hostPort } from '#weir/facts/index.ts'
import { SERVER_MOVED, USE_ANOTHER_SERVER } from '../../codec/reason-code.ts'
import type { EventLog } from '../../events/event-log.ts'
import type { Route } from '../../transport/connection.ts'
import type { Target } from '../../types.ts'
import type { ShardSpec, ShardTarget } from '../shard-spec.ts'
import type { FleetClient } from './fleet-client.ts'
import { HostName, lookUp } from './host-name.ts'
import { OwnRoutes } from './own-route.ts'

/** A server that sends its clients to ever new places would fill memory and record. */
const MOST_TARGETS = 1024

interface Place extends ShardTarget {
  /** Left out where the host is an address itself. */
  name?: HostName
}

/** Where clients connect to: the targets of the spec, and those that servers refer them to. */
export class Targets {
  readonly #targets: Place[]
  /** How many the spec has, and over how many of these clients are dealt out. */
  readonly #given: number
  readonly #start: number
  readonly #failOver: boolean
  readonly #indices = new Map<string, number>()
  readonly #own: OwnRoutes
  readonly #follow: boolean
  readonly #log: EventLog

  constructor(spec: ShardSpec, log: EventLog) {
    this.#targets = spec.targets.map((target) =>
      target.addresses ? { ...target, name: new HostName(target.host, target.addresses) } : target,
    )
    this.#given = spec.targets.length
    this.#start = startTargets(spec)
    this.#failOver = spec.failOver ?? false
    this.#own = new OwnRoutes(spec)
    this.#follow = spec.followServerReference ?? false
    this.#log = log
    // By address first: a server that is also known by name keeps its name.
    for (const [i, { address, port }] of spec.targets.entries())
      this.#indices.set(targetName({ host: address, port }), i)
    for (const [i, target] of spec.targets.entries()) this.#indices.set(targetName(target), i)
  }

  /** From where to where the client connects now. */
  routeOf(client: FleetClient): Route {
    const { host, port, address: known, name } = this.#targets[client.target]!
    // A client that goes on to other targets comes to the next address of a name once it has tried them all.
    const rounds = this.#failOver ? Math.floor(client.missed / this.#given) : client.missed
    const address = name?.address(Math.floor(client.index / this.#start) + rounds) ?? known
    return this.#own.of(client, { host, port, address })
  }

  /** An attempt got no answer of MQTT. */
  missed(client: FleetClient): void {
    client.missed++
    if (this.#failOver && client.home < this.#given) client.home = this.#after(client)
  }

  /** Every target once in as many misses as there are targets. Clients of one target go on to different ones: none gets them all. */
  #after({ index, missed }: FleetClient): number {
    const [all, first] = [this.#given, index % this.#start]
    const step = missed % all
    if (step === 0) return first
    const turn = Math.floor(index / this.#start)
    return (first + 1 + ((step - 1 + turn) % (all - 1))) % all
  }

  close(): void {
    for (const { name } of this.#targets) name?.close()
  }

  /**
   * Sets the client's next target: its own, or where the server referred it to, once (0x9C) or permanently (0x9D, MQTT 5
   * §4.11).
   */
  turn(client: FleetClient, code: number, serverReference: string): void {
    const left = this.#targets[client.target]!
    client.target = client.home
    if (!this.#follow || serverReference === '') return
    if (code !== USE_ANOTHER_SERVER && code !== SERVER_MOVED) return
    const servers = parseServerReference(serverReference, left.port)
    if (servers.length === 0) return
    // Clients spread over the servers that are named.
    const index = this.#indexOf(servers[client.index % servers.length]!)
    if (index < 0) return
    client.target = index
    if (code === SERVER_MOVED) client.home = index
  }

  #indexOf(target: Target): number {
    const name = targetName(target)
    const known = this.#indices.get(name)
    if (known !== undefined) return known
    if (this.#targets.length >= MOST_TARGETS) return -1
    const index = this.#targets.length
    const found: Place = { ...target, address: target.host }
    this.#targets.push(found)
    this.#indices.set(name, index)
    this.#log.addTarget(name)
    // Until the answer is there the dial is given the name, and each connect asks for itself.
    if (isIP(target.host) === 0)
      void lookUp(target.host).then(
        (addresses) => {
          found.name = new HostName(target.host, addresses)
        },
        () => undefined,
      )
    return index
  }
}

/** Over how many targets the clients of a spec are dealt out at first. */
export const startTargets = ({ targets, spares = 0 }: Pick<ShardSpec, 'targets' | 'spares'>): number =>
  Math.max(1, targets.length - spares)

/** A target as records name it. */
export const targetName = ({ host, port }: Target): string => hostPort(host, port)

/**
 * The servers of a Server Reference: host[:port], separated by spaces, IPv6 in brackets (MQTT 5 §4.11). `port`: the
 * default, that of the referring server. Invalid entries are skipped.
 */
export function parseServerReference(text: string, port: number): Target[] {
  return text
    .split(' ')
    .map((word) => parseOne(word, port))
    .filter((target) => target !== undefined)
}

function parseOne(word: string, defaultPort: number): Target | undefined {
  if (isIPv6(word)) return { host: word, port: defaultPort }
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(word)
  if (!match) return undefined
  const port = match[3] === undefined ? defaultPort : Number(match[3])
  return port > 0 && port <= 0xffff ? { host: (match[1] ?? match[2])!, port } : undefined
}
