import type { Qos } from '#weir/facts/index.ts'
import { makeHeader, readHeader } from './header.ts'
import { Latencies, type LatencyPart } from './latencies.ts'
import type { PublisherRow } from './publisher-ledger.ts'
import { type Arrival, type PairReceipt, Receipts } from './receipts.ts'
import { cameBy, FOR_ITSELF, needsTopic, Shares, type Subscriptions } from './shared-subscriptions.ts'
import { type TrafficBatch, TrafficLog } from './traffic-batch.ts'

/** What identifies the headers of one fleet. */
export interface LedgerIdentity {
  /** 24 bits, drawn anew for each fleet. */
  tag: number
  /** Unix microseconds at the zero of the fleet's clock. */
  anchorMicros: number
  /** Take down messages of other fleets, too. */
  otherFleets?: boolean
}

/** One client that may receive. */
export interface Listener {
  /** Index in the fleet. */
  index: number
  /** Its subscriptions with variables replaced. */
  filters: readonly string[]
  /** A retain flag on what it gets may be the publisher's own (MQTT 5 §3.3.1.3). */
  retainAsPublished: boolean
}

/** How a PUBLISH came. */
export interface Delivery {
  qos: Qos
  retain: boolean
  duplicate: boolean
}

/** Where a subscriber stands when the account is made up. */
export interface SubscriberRow {
  client: number
  epoch: number
  /** When the subscriptions of its present session stood, on the fleet's clock; Infinity where they do not. */
  sinceMs: number
  online: boolean
}

/** A time in which a member of a shared subscription may have taken messages with it. */
export interface Absence {
  fromMs: number
  toMs: number
}

export interface ShareRow {
  /** `$share/<name>/<filter>` with variables replaced. */
  subscription: string
  /** When the first member of this shard was granted it; Infinity for never. */
  sinceMs: number
  absences: Absence[]
}

/** What an engine knows of the publishers of a shard. */
export type PublisherBooks = Pick<
  LedgerPart,
  'publishers' | 'inFlight' | 'answerable' | 'beganMs' | 'endedMs'
>

/** What one shard knows of its messages, as it crosses threads. */
export interface LedgerPart {
  publishers: PublisherRow[]
  subscribers: SubscriberRow[]
  receipts: PairReceipt[]
  shares: ShareRow[]
  latencies: LatencyPart[]
  foreign: number
  /** Messages of publishers of this shard that are in flight, and those of them whose publisher is online. */
  inFlight: number
  answerable: number
  /** First and last PUBLISH, on the fleet's clock; undefined where there was none. */
  beganMs?: number
  endedMs?: number
}

const MOST_ABSENCES = 256
const OFFLINE = Number.POSITIVE_INFINITY

/** What the subscribers of one shard received, without an allocation per message. */
export class ShardLedger {
  readonly latencies = new Latencies()
  foreign = 0
  readonly #identity: LedgerIdentity
  readonly #header = makeHeader()
  readonly #receipts = new Receipts()
  readonly #listeners: readonly (Listener | undefined)[]
  readonly #subscriptions = new Map<number, Subscriptions>()
  readonly #shares: ShareRow[]
  readonly #log: TrafficLog
  readonly #epoch: Uint32Array
  readonly #connection: Uint32Array
  readonly #sinceMs: Float64Array
  /** When the client lost its connection; OFFLINE from the start, NaN while it is online. */
  readonly #goneMs: Float64Array
  readonly #arrival: Arrival = {
    epoch: 0,
    sinceMs: 0,
    connection: 0,
    qos: 0,
    duplicateFlag: false,
    nowMs: 0,
  }

  /** `listeners`: by slot. `send` gets what the fleet's owner accounts for itself. */
  constructor(
    identity: LedgerIdentity,
    listeners: readonly (Listener | undefined)[],
    send: (batch: TrafficBatch) => void,
  ) {
    this.#identity = identity
    this.#listeners = listeners
    const shares = new Shares()
    for (const [slot, listener] of listeners.entries()) {
      const subscriptions = listener && shares.subscriptionsOf(listener.filters)
      if (subscriptions) this.#subscriptions.set(slot, subscriptions)
    }
    this.#shares = shares.names.map((subscription) => ({ subscription, sinceMs: OFFLINE, absences: [] }))
    this.#log = new TrafficLog(shares.names, send)
    this.#epoch = new Uint32Array(listeners.length)
    this.#connection = new Uint32Array(listeners.length)
    this.#sinceMs = new Float64Array(listeners.length).fill(OFFLINE)
    this.#goneMs = new Float64Array(listeners.length).fill(OFFLINE)
  }

  /** A connection was accepted. Without a session (session present 0) a new epoch begins. */
  opened(slot: number, sessionPresent: boolean, nowMs: number): void {
    this.#connection[slot]!++
    if (!sessionPresent || this.#epoch[slot] === 0) {
      const { shares } = this.#subscriptions.get(slot) ?? { shares: [] }
      if (this.#epoch[slot]! > 0)
        for (const { share } of shares) this.#absent(share, { fromMs: this.#goneMs[slot]!, toMs: nowMs })
      this.#epoch[slot]!++
      this.#sinceMs[slot] = OFFLINE
    }
    this.#goneMs[slot] = Number.NaN
  }

  /** The broker has granted all subscriptions. */
  granted(slot: number, nowMs: number): void {
    if (this.#sinceMs[slot] === OFFLINE) this.#sinceMs[slot] = nowMs
    for (const { share } of this.#subscriptions.get(slot)?.shares ?? []) {
      const row = this.#shares[share]!
      if (nowMs < row.sinceMs) row.sinceMs = nowMs
    }
  }

  /** A connection that had been accepted is over. */
  closed(slot: number, nowMs: number): void {
    this.#goneMs[slot] = nowMs
    for (const { share } of this.#subscriptions.get(slot)?.shares ?? []) this.#log.connectionLost(share)
  }

  /** Whether `arrived` wants to know the topic. */
  needsTopic(slot: number): boolean {
    const subscriptions = this.#subscriptions.get(slot)
    return subscriptions !== undefined && needsTopic(subscriptions)
  }

  /** Takes down one PUBLISH. `topic` only where `needsTopic` says so. */
  arrived(
    slot: number,
    delivery: Delivery,
    bytes: Buffer,
    payloadStart: number,
    payloadEnd: number,
    nowMs: number,
    topic = '',
  ): void {
    const header = this.#header
    const { tag, anchorMicros, otherFleets } = this.#identity
    if (
      !readHeader(bytes, payloadStart, payloadEnd, anchorMicros + nowMs * 1000, header) ||
      (header.tag !== tag && !otherFleets)
    ) {
      this.foreign++
      return
    }
    const listener = this.#listeners[slot]
    const { publisher, sequence } = header
    const index = listener?.index ?? slot
    if (header.will) {
      if (header.tag === tag)
        this.#log.will({ publisher, attempt: sequence, subscriber: index, t: nowMs * 1e6 })
      return
    }
    if (delivery.retain && !listener?.retainAsPublished) {
      this.#receipts.retained(index, header.tag, publisher)
      return
    }
    if (this.#first(slot, index, delivery, topic, nowMs))
      this.latencies.record('delivery', delivery.qos, nowMs - (header.plannedMicros - anchorMicros) / 1000)
  }

  /** Hands on what has gathered for the fleet's owner. */
  flush(): void {
    this.#log.flush()
  }

  /** `publishing`: what the engine knows of its publishers. */
  part(publishing: PublisherBooks): LedgerPart {
    const subscribers: SubscriberRow[] = []
    for (const [slot, listener] of this.#listeners.entries()) {
      if (!listener || listener.filters.length === 0) continue
      const online = Number.isNaN(this.#goneMs[slot]!)
      subscribers.push({
        client: listener.index,
        epoch: this.#epoch[slot]!,
        sinceMs: this.#sinceMs[slot]!,
        online,
      })
    }
    return {
      ...publishing,
      subscribers,
      receipts: [...this.#receipts.list()],
      shares: this.#shares.map((row, share) => ({
        ...row,
        absences: [...row.absences, ...this.#awayNow(share)],
      })),
      latencies: this.latencies.parts(),
      foreign: this.foreign,
    }
  }

  /** A copy of a message of a shared subscription is not known for one here: only its DUP flag tells. */
  #first(slot: number, index: number, { qos, duplicate }: Delivery, topic: string, nowMs: number): boolean {
    const { tag, publisher, sequence } = this.#header
    const subscriptions = this.#subscriptions.size > 0 ? this.#subscriptions.get(slot) : undefined
    const share = subscriptions ? cameBy(subscriptions, topic) : FOR_ITSELF
    if (share !== FOR_ITSELF) {
      this.#log.arrived(share, tag, publisher, sequence, qos, duplicate, index)
      return !duplicate
    }
    // A message may overtake the SUBACK: then the subscription stands.
    if (this.#sinceMs[slot] === OFFLINE) this.#sinceMs[slot] = nowMs
    const arrival = this.#arrival
    arrival.epoch = this.#epoch[slot]!
    arrival.sinceMs = this.#sinceMs[slot]!
    arrival.connection = this.#connection[slot]!
    arrival.qos = qos
    arrival.duplicateFlag = duplicate
    arrival.nowMs = nowMs
    return this.#receipts.take(index, tag, publisher, sequence, arrival)
  }

  /** Offline members of a shared subscription, which may hold messages until they reconnect. */
  *#awayNow(share: number): Generator<Absence> {
    for (const [slot, { shares }] of this.#subscriptions) {
      const fromMs = this.#goneMs[slot]!
      if (!Number.isNaN(fromMs) && fromMs !== OFFLINE && shares.some((one) => one.share === share))
        yield { fromMs, toMs: Number.POSITIVE_INFINITY }
    }
  }

  /** Beyond the bound the last two become one, which excuses more, never less. */
  #absent(share: number, absence: Absence): void {
    const { absences } = this.#shares[share]!
    if (absences.length < MOST_ABSENCES) absences.push(absence)
    else {
      const last = absences[MOST_ABSENCES - 1]!
      last.fromMs = Math.min(last.fromMs, absence.fromMs)
      last.toMs = absence.toMs
    }
  }
}
