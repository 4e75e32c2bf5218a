import { grown, PairIndex } from './pair-index.ts'
import { type Range, Ranges } from './ranges.ts'

/** A stretch of sequence numbers that passed while the subscriber had no session; from `sinceMs` on it had one again. */
export interface Excuse extends Range {
  /** When its subscription stood again, on the fleet's clock. */
  sinceMs: number
}

/** Excuses that a pair may hold: beyond them the last two become one. */
const MOST_EXCUSES = 16
/** Duplicates that nothing on the subscriber's side explains, of which the instants are kept. */
const MOST_COPIES = 32
/** Messages behind a later one, of which the instants are kept. */
const MOST_LATE = 8

/** How a message came, apart from whose it is. */
export interface Arrival {
  /** The subscriber's sessions so far: a new one owes nothing of what passed before it. */
  epoch: number
  /** When this session's subscription stood. */
  sinceMs: number
  /** The subscriber's connections so far. */
  connection: number
  qos: 0 | 1 | 2
  duplicateFlag: boolean
  /** On the fleet's clock. */
  nowMs: number
}

/** A duplicate, and when it came. */
export interface Copy {
  sequence: number
  atMs: number
}

/** What only pairs have in which something went wrong. */
interface Trouble {
  holes: Ranges
  excuses: Excuse[]
  copies: Copy[]
  lateMs: number[]
}

/** One pair as it crosses threads. */
export interface PairReceipt {
  subscriber: number
  tag: number
  publisher: number
  /** Highest sequence number that came; 0 for none. */
  high: number
  epoch: number
  qos: 0 | 1 | 2
  received: number
  duplicated: number
  redelivered: number
  reordered: number
  retained: number
  /** Numbers up to `high` that never came. */
  missing: Range[]
  excuses: Excuse[]
  /** The first duplicates that neither a DUP flag nor a new connection of the subscriber explains. */
  copies: Copy[]
  /** When the first reordered ones came, on the fleet's clock. */
  lateMs: number[]
  /** There were more stretches of missing numbers than memory: some of them are not in `missing`. */
  overflow: boolean
}

const COLUMNS = ['high', 'epoch', 'connection', 'before', 'qos'] as const
const COUNTS = ['received', 'duplicated', 'redelivered', 'reordered', 'retained'] as const
type Column = (typeof COLUMNS)[number] | (typeof COUNTS)[number]
const FIRST_ROWS = 64

/**
 * What subscribers received from publishers, in constant memory per pair: a bitmap of the last `window` sequence numbers,
 * and those that left it missing. Messages in order allocate nothing.
 */
export class Receipts {
  readonly #pairs = new PairIndex()
  readonly #window: number
  readonly #words: number
  #bits: Uint32Array
  readonly #column = Object.fromEntries(
    [...COLUMNS, ...COUNTS].map((name) => [name, new Uint32Array(FIRST_ROWS)]),
  ) as Record<Column, Uint32Array>
  readonly #trouble = new Map<number, Trouble>()
  #capacity = FIRST_ROWS

  /** `window`: sequence numbers of a bitmap, a multiple of 32. */
  constructor(window = 64) {
    this.#window = window
    this.#words = window / 32
    this.#bits = new Uint32Array(FIRST_ROWS * this.#words)
  }

  /** Takes one message down; true for the first copy of it. */
  take(subscriber: number, tag: number, publisher: number, sequence: number, arrival: Arrival): boolean {
    const row = this.#row(subscriber, tag, publisher)
    const { high, received, qos, connection, before } = this.#column
    if (connection[row] !== arrival.connection) {
      connection[row] = arrival.connection
      before[row] = high[row]!
    }
    if (arrival.qos > qos[row]!) qos[row] = arrival.qos
    if (sequence > high[row]!) this.#advance(row, sequence, arrival)
    else if (this.#fillsHole(row, sequence)) this.#late(row, arrival)
    else {
      this.#copy(row, sequence, arrival)
      return false
    }
    received[row]!++
    return true
  }

  /** A retained message: says nothing about later ones. */
  retained(subscriber: number, tag: number, publisher: number): void {
    this.#column.retained[this.#row(subscriber, tag, publisher)]!++
  }

  *list(): Generator<PairReceipt> {
    const { subscriber, tag, publisher } = this.#pairs
    const of = this.#column
    for (let row = 0; row < this.#pairs.rows; row++) {
      const trouble = this.#trouble.get(row)
      yield {
        subscriber: subscriber[row]!,
        tag: tag[row]!,
        publisher: publisher[row]!,
        high: of.high[row]!,
        epoch: of.epoch[row]!,
        qos: of.qos[row] as 0 | 1 | 2,
        received: of.received[row]!,
        duplicated: of.duplicated[row]!,
        redelivered: of.redelivered[row]!,
        reordered: of.reordered[row]!,
        retained: of.retained[row]!,
        missing: this.#missing(row),
        excuses: trouble?.excuses ?? [],
        copies: trouble?.copies ?? [],
        lateMs: trouble?.lateMs ?? [],
        overflow: trouble?.holes.overflow ?? false,
      }
    }
  }

  #row(subscriber: number, tag: number, publisher: number): number {
    const row = this.#pairs.rowOf(subscriber, tag, publisher)
    if (row >= this.#capacity) this.#grow()
    return row
  }

  #advance(row: number, sequence: number, arrival: Arrival): void {
    const high = this.#column.high[row]!
    if (this.#column.epoch[row] !== arrival.epoch) {
      this.#column.epoch[row] = arrival.epoch
      if (sequence > high + 1)
        this.#excuse(row, { from: high + 1, to: sequence - 1, sinceMs: arrival.sinceMs })
    }
    // What no bit has room for never came: the numbers that the jump passes over by more than a window.
    const firstKept = Math.max(high + 1, sequence - this.#window + 1)
    for (let passed = high + 1; passed < firstKept && passed <= high + this.#window; passed++)
      this.#slideOut(row, passed - this.#window)
    if (firstKept > high + 1) this.#troubleOf(row).holes.add(high + 1, firstKept - 1)
    for (let passed = firstKept; passed < sequence; passed++) {
      this.#slideOut(row, passed - this.#window)
      this.#clear(row, passed)
    }
    this.#slideOut(row, sequence - this.#window)
    this.#set(row, sequence)
    this.#column.high[row] = sequence
  }

  /** A number leaves the bitmap: one that never came is a hole from now on. */
  #slideOut(row: number, sequence: number): void {
    if (sequence >= 1 && sequence <= this.#column.high[row]! && !this.#isSet(row, sequence))
      this.#troubleOf(row).holes.add(sequence)
  }

  #fillsHole(row: number, sequence: number): boolean {
    if (this.#column.high[row]! - sequence >= this.#window)
      return this.#trouble.get(row)?.holes.remove(sequence) ?? false
    if (this.#isSet(row, sequence)) return false
    this.#set(row, sequence)
    return true
  }

  /** MQTT 5 §4.3.2: a receiver of QoS 1 may get a message again, with DUP set or after a connection was lost. */
  #copy(row: number, sequence: number, { qos, duplicateFlag, nowMs }: Arrival): void {
    this.#column.duplicated[row]!++
    if (qos === 1 && (duplicateFlag || sequence <= this.#column.before[row]!))
      this.#column.redelivered[row]!++
    else {
      const { copies } = this.#troubleOf(row)
      if (copies.length < MOST_COPIES) copies.push({ sequence, atMs: nowMs })
    }
  }

  #late(row: number, { nowMs }: Arrival): void {
    this.#column.reordered[row]!++
    const { lateMs } = this.#troubleOf(row)
    if (lateMs.length < MOST_LATE) lateMs.push(nowMs)
  }

  #excuse(row: number, excuse: Excuse): void {
    const { excuses } = this.#troubleOf(row)
    if (excuses.length < MOST_EXCUSES) {
      excuses.push(excuse)
      return
    }
    const last = excuses[MOST_EXCUSES - 1]!
    last.to = excuse.to
    last.sinceMs = excuse.sinceMs
  }

  #missing(row: number): Range[] {
    const high = this.#column.high[row]!
    const holes = this.#trouble.get(row)?.holes.list() ?? []
    for (let sequence = Math.max(1, high - this.#window + 1); sequence <= high; sequence++) {
      if (this.#isSet(row, sequence)) continue
      const last = holes.at(-1)
      if (last?.to === sequence - 1) last.to = sequence
      else holes.push({ from: sequence, to: sequence })
    }
    return holes
  }

  #troubleOf(row: number): Trouble {
    let trouble = this.#trouble.get(row)
    if (!trouble) {
      trouble = { holes: new Ranges(), excuses: [], copies: [], lateMs: [] }
      this.#trouble.set(row, trouble)
    }
    return trouble
  }

  #isSet(row: number, sequence: number): boolean {
    const bit = sequence % this.#window
    return (this.#bits[row * this.#words + (bit >>> 5)]! & (1 << (bit & 31))) !== 0
  }

  #set(row: number, sequence: number): void {
    const bit = sequence % this.#window
    this.#bits[row * this.#words + (bit >>> 5)]! |= 1 << (bit & 31)
  }

  #clear(row: number, sequence: number): void {
    const bit = sequence % this.#window
    this.#bits[row * this.#words + (bit >>> 5)]! &= ~(1 << (bit & 31))
  }

  #grow(): void {
    this.#capacity *= 2
    this.#bits = grown(this.#bits)
    for (const name of [...COLUMNS, ...COUNTS]) this.#column[name] = grown(this.#column[name])
  }
}
