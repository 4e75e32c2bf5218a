import type { DoorHabits } from './faults.ts'
import { REASON } from './mqtt/codes.ts'
import type { NodeCore } from './node-core.ts'
import type { Channel } from './session/channel.ts'

/** How many clients a fault picks out. */
const FEW = 3
const EARLY_DROPS = 5
const BOUNCE_AFTER_MS = 3000

/** A row that a node goes on listing although its client is elsewhere. */
export interface Ghost {
  node: NodeCore
  channel: Channel
}

/**
 * The misbehaviours at the doors of one cluster's nodes, one method for each moment at which one can happen. Without faults every method
 * does nothing. A node is new when its set of pods is not the one that the cluster began with.
 */
export class Door {
  readonly #habits: DoorHabits
  readonly #lost = new Set<string>()
  readonly #bounced = new Set<string>()
  readonly #dropped = new Set<number>()
  readonly #ghosts = new Map<string, Ghost>()
  readonly #connects = new Map<NodeCore, number>()
  readonly #arrivals = new Map<NodeCore, number>()
  #moves = 0

  constructor(habits: DoorHabits) {
    this.#habits = habits
  }

  /** slow-accept */
  acceptDelayMs(node: NodeCore): number {
    return node.isNew ? this.#habits.slowAcceptMs : 0
  }

  /** lost-client, refuse-some: the reason of a refusal. */
  refusal(node: NodeCore, clientId: string): number | undefined {
    if (this.#lost.has(clientId)) return REASON.notAuthorized
    if (!this.#habits.refusesSome || !node.isNew) return undefined
    const count = (this.#connects.get(node) ?? 0) + 1
    this.#connects.set(node, count)
    return count % 5 === 0 ? REASON.quotaExceeded : undefined
  }

  /** bounce: each tenth arrival, nobody twice. */
  arrived(node: NodeCore, channel: Channel): void {
    const { clientId } = channel
    if (this.#ghosts.get(clientId)?.node === node) this.#ghosts.delete(clientId)
    if (!this.#habits.bounces || !node.isNew || this.#bounced.has(clientId)) return
    const count = (this.#arrivals.get(node) ?? 0) + 1
    this.#arrivals.set(node, count)
    if (count % 10 !== 0) return
    this.#bounced.add(clientId)
    node.after(BOUNCE_AFTER_MS, () => {
      channel.connection?.sendDisconnect(REASON.useAnotherServer)
      channel.connection?.lose('use_another_server')
    })
  }

  /** lost-client and ghost-client: the first few that are evicted. */
  evicted(node: NodeCore, channel: Channel): void {
    if (this.#habits.losesClients && this.#lost.size < FEW) this.#lost.add(channel.clientId)
    if (this.#habits.keepsGhosts && this.#ghosts.size < FEW)
      this.#ghosts.set(channel.clientId, { node, channel: { ...channel } })
  }

  /** session-lost: one move between nodes in fifty. */
  losesSession(held: Channel, to: NodeCore): boolean {
    if (!this.#habits.losesSessions || (held.node === to && !held.parked)) return false
    return this.#moves++ % 50 === 4
  }

  /** early-drop: when the first node of another generation joins, one old node drops a few clients. */
  joined(node: NodeCore): void {
    if (!this.#habits.dropsEarly || !node.isNew || this.#dropped.has(node.generation)) return
    this.#dropped.add(node.generation)
    const old = node.group
      .running()
      .find((other) => other.generation < node.generation && other.live.size > 0)
    for (const channel of [...(old?.live.values() ?? [])].slice(0, EARLY_DROPS))
      channel.connection?.lose('tcp_closed')
  }

  /** ghost-client: rows that a node lists for clients which are on another node now. */
  ghostsOf(node: NodeCore): Channel[] {
    const rows: Channel[] = []
    for (const ghost of this.#ghosts.values()) {
      const now = node.group.registry.get(ghost.channel.clientId)
      if (ghost.node === node && now !== undefined && now.node !== node) rows.push(ghost.channel)
    }
    return rows
  }
}
