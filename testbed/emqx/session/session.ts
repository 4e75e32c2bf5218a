import type { Message } from './message.ts'

export interface Subscription {
  qos: 0 | 1 | 2
  noLocal: boolean
  retainAsPublished: boolean
  identifier: number | undefined
  filter: string
  group: string | undefined
}

/** A message for one session, with the QoS and flags that its subscription gave it. */
export interface Delivery {
  message: Message
  qos: 0 | 1 | 2
  retain: boolean
  identifier: number | undefined
}

/** QoS 2 messages that were received (PUBREC) wait for the PUBCOMP without their payload. */
export interface InFlight {
  delivery: Delivery | undefined
  released: boolean
  /** Unix milliseconds, of the last time. */
  sentAtMs: number
}

/** `max_mqueue_len` of EMQX: the oldest message goes first. */
export const MAX_QUEUE = 1000
/** `max_awaiting_rel` and `await_rel_timeout`. */
export const MAX_AWAITING_RELEASE = 100
const AWAIT_RELEASE_MS = 300_000

/**
 * What outlives a connection: subscriptions, queue, messages in flight. Made small, since most sessions of a fleet never
 * use most of it; it moves between nodes as one object.
 */
export class Session<Home> {
  /** Where the session lives now. Set before the session is used, and again at each move. */
  channel: Home | undefined
  /** By the text of the SUBSCRIBE, share prefix included. */
  subscriptions: Map<string, Subscription> | undefined
  queue: Delivery[] | undefined
  inFlight: Map<number, InFlight> | undefined
  /** Packet ids in flight that have not been sent again since the client came back. */
  resending: number[] | undefined
  /** Packet ids of QoS 2 messages that came, with when. */
  awaitingRelease: Map<number, number> | undefined
  /** Deliveries that a full queue pushed out. */
  dropped = 0
  #lastPacketId = 0

  nextPacketId(): number {
    do this.#lastPacketId = this.#lastPacketId === 0xffff ? 1 : this.#lastPacketId + 1
    while (this.inFlight?.has(this.#lastPacketId) === true)
    return this.#lastPacketId
  }

  /** Forgets inbound QoS 2 messages that were never released. */
  forgetUnreleased(nowMs: number): void {
    if (this.awaitingRelease === undefined) return
    for (const [packetId, sinceMs] of this.awaitingRelease)
      if (sinceMs + AWAIT_RELEASE_MS <= nowMs) this.awaitingRelease.delete(packetId)
    if (this.awaitingRelease.size === 0) this.awaitingRelease = undefined
  }

  get subscriptionCount(): number {
    return this.subscriptions?.size ?? 0
  }

  get queueLength(): number {
    return this.queue?.length ?? 0
  }

  get inFlightCount(): number {
    return this.inFlight?.size ?? 0
  }

  /** Messages that this connection owes an acknowledgement for: they fill the client's Receive Maximum. */
  get onTheWay(): number {
    return this.inFlightCount - (this.resending?.length ?? 0)
  }

  /** Queues a delivery; returns true when the oldest one had to go. */
  enqueue(delivery: Delivery): boolean {
    this.queue ??= []
    this.queue.push(delivery)
    if (this.queue.length <= MAX_QUEUE) return false
    this.queue.shift()
    this.dropped++
    return true
  }
}
