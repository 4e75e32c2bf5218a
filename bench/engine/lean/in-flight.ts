import { grown } from '../../ledger/pair-index.ts'

/** Where a message of QoS 1 or 2 stands: what it waits for. */
export const FREE = 0
export const AWAITS_PUBACK = 1
export const AWAITS_PUBREC = 2
export const AWAITS_PUBCOMP = 3
/** As AWAITS_PUBREC, of a message that was sent again: the server may have had it before. */
export const AWAITS_PUBREC_AGAIN = 4

const FIRST_PLACES = 4

/**
 * The unacknowledged messages of one client by packet id (MQTT 5 §2.2.1, §4.3). They belong to the session and outlive the
 * connection.
 */
export class InFlight {
  readonly #most: number
  #state = new Uint8Array(FIRST_PLACES + 1)
  #sequence = new Uint32Array(FIRST_PLACES + 1)
  #plannedMs = new Float64Array(FIRST_PLACES + 1)
  /** Ids that were given back, each with the one behind it: the one that was given back first is taken first. */
  #behind = new Uint16Array(FIRST_PLACES + 1)
  #firstFree = 0
  #lastFree = 0
  #freeIds = 0
  #used = 0
  size = 0
  /** No id beyond this is taken that was not taken before. */
  freshUpTo = Number.POSITIVE_INFINITY

  /** Packet ids are from 1 to `most`. */
  constructor(most: number) {
    this.#most = most
  }

  /** A packet id for a message, or 0 where there is none left. */
  add(state: number, sequence: number, plannedMs: number): number {
    // One that was just given back rests as long as there is another: a server that refused it may still hold it.
    const id = this.#freeIds > 1 ? this.#again() : this.#fresh() || this.#again()
    if (id === 0) return 0
    this.#state[id] = state
    this.#sequence[id] = sequence
    this.#plannedMs[id] = plannedMs
    this.size++
    return id
  }

  /** FREE for an id that no message has. */
  state(id: number): number {
    return id <= this.#used ? this.#state[id]! : FREE
  }

  sequence(id: number): number {
    return this.#sequence[id]!
  }

  plannedMs(id: number): number {
    return this.#plannedMs[id]!
  }

  move(id: number, state: number): void {
    this.#state[id] = state
  }

  remove(id: number): void {
    this.#state[id] = FREE
    if (this.#freeIds === 0) this.#firstFree = id
    else this.#behind[this.#lastFree] = id
    this.#lastFree = id
    this.#freeIds++
    this.size--
  }

  /** All packet ids in the order in which their messages were sent first: the order of a resend (MQTT 5 §4.6). */
  ids(): number[] {
    const ids: number[] = []
    for (let id = 1; id <= this.#used; id++) if (this.#state[id] !== FREE) ids.push(id)
    return ids.sort((a, b) => this.#sequence[a]! - this.#sequence[b]!)
  }

  #again(): number {
    if (this.#freeIds === 0) return 0
    const id = this.#firstFree
    this.#firstFree = this.#behind[id]!
    this.#freeIds--
    return id
  }

  #fresh(): number {
    if (this.#used >= Math.min(this.#most, this.freshUpTo)) return 0
    const id = ++this.#used
    if (id >= this.#state.length) this.#grow()
    return id
  }

  #grow(): void {
    this.#state = grown(this.#state)
    this.#sequence = grown(this.#sequence)
    this.#plannedMs = grown(this.#plannedMs)
    this.#behind = grown(this.#behind)
  }
}
