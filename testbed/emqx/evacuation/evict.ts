import { hash32 } from '../../runtime/hash.ts'
import { pick, type Random } from '../../runtime/random.ts'
import { REASON } from '../mqtt/codes.ts'
import type { Channel, ClientConnection, SessionNode } from '../session/channel.ts'
import { park } from '../session/open.ts'

/** Evictions done in one stretch, so that other clients and timers of the process are not held up. */
const STRETCH = 64
/** EMQX was measured to send the FIN 2–12 ms after the DISCONNECT. */
const FIN_DELAY_MS = { least: 2, spread: 10 }

/** Where faults learn which clients are evicted. */
export interface EvictionHooks {
  /** The client is about to be evicted. */
  onEvicted(node: EvacuatedNode, channel: Channel): void
}

/** What an eviction needs of the node that is evacuated. */
export interface EvacuatedNode extends SessionNode {
  readonly random: Random
  readonly agent: { readonly serverReference: string | undefined }
  readonly hooks: EvictionHooks & SessionNode['hooks']
}

/** Chooses the clients to evict: connected ones, each once. */
export interface EvictionOrder {
  take(count: number): Channel[]
}

export function evictionOrderOf(node: EvacuatedNode): EvictionOrder {
  return node.version.evictionOrder === 'oldest-first' ? oldestFirst(node) : new HashOrder(node)
}

/** From 5.8.5 the first by process id, which is the order in which they came. */
function oldestFirst(node: EvacuatedNode): EvictionOrder {
  return {
    take: (count) =>
      node.live
        .values()
        .filter((channel) => channel.connection !== undefined && !channel.dead)
        .take(count)
        .toArray(),
  }
}

/**
 * 4.4 takes the first of a table scan: hash order, so arbitrary to the eye and always the same. The order is made once and
 * made again when it has run out while clients are left.
 */
class HashOrder implements EvictionOrder {
  readonly #node: EvacuatedNode
  #order: Channel[] = []
  #next = 0

  constructor(node: EvacuatedNode) {
    this.#node = node
  }

  take(count: number): Channel[] {
    const taken: Channel[] = []
    let remade = false
    while (taken.length < count) {
      if (this.#next >= this.#order.length) {
        if (remade || this.#node.live.size === 0) break
        remade = true
        this.#order = byHash(this.#node.live.values().filter((channel) => !taken.includes(channel)))
        this.#next = 0
        continue
      }
      const channel = this.#order[this.#next++]!
      if (channel.connection !== undefined && !channel.dead) taken.push(channel)
    }
    return taken
  }
}

function byHash(channels: Iterable<Channel>): Channel[] {
  return [...channels]
    .map((channel) => ({ channel, hash: hash32(channel.clientId) }))
    .sort((left, right) => left.hash - right.hash)
    .map(({ channel }) => channel)
}

/** Disconnects the clients in short stretches: DISCONNECT 0x9C for MQTT 5, then FIN (docs/contract/emqx.md#what-clients-see). */
export function evictConnections(node: EvacuatedNode, channels: Channel[], done: () => void): void {
  let next = 0
  const stretch = (): void => {
    const evicted: ClientConnection[] = []
    const end = Math.min(next + STRETCH, channels.length)
    for (; next < end; next++) {
      const channel = channels[next]!
      const { connection } = channel
      if (connection === undefined || channel.dead) continue
      node.hooks.onEvicted(node, channel)
      connection.sendDisconnect(REASON.useAnotherServer, node.agent.serverReference)
      connection.lose('use_another_server', { keepOpen: true })
      connection.stopReading()
      evicted.push(connection)
    }
    node.clock.after(FIN_DELAY_MS.least + node.random() * FIN_DELAY_MS.spread, () => {
      for (const connection of evicted) connection.finish()
    })
    if (next < channels.length) node.clock.soon(stretch)
    else done()
  }
  stretch()
}

/** Moves sessions, each to a random one of the candidates; false when there is none. */
export function evictSessions(
  sessions: Iterable<Channel>,
  candidates: readonly SessionNode[],
  random: Random,
): boolean {
  if (candidates.length === 0) return false
  for (const channel of sessions) park(channel, pick(candidates, random)!)
  return true
}
