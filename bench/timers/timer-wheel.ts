const NONE = -1
const UNSET = Number.POSITIVE_INFINITY

/**
 * Deadlines of many clients without timer objects: a hashed wheel (Varghese & Lauck 1987, scheme 6) with linked lists in
 * typed arrays. Setting and cancelling are O(1). The owner supplies the time.
 */
export class TimerWheel {
  readonly #slotMs: number
  readonly #slots: number
  readonly #firstOf: Int32Array
  readonly #next: Int32Array
  readonly #previous: Int32Array
  readonly #slotOf: Int32Array
  readonly #dueMs: Float64Array
  /** The slot that holds the present, counted from time 0 and never wrapped. */
  #tick: number
  #size = 0
  #soonestMs = UNSET

  /** `ids` timers, numbered from 0. One turn of the wheel is `slots` × `slotMs`. */
  constructor(
    ids: number,
    nowMs: number,
    { slotMs = 8, slots = 4096 }: { slotMs?: number; slots?: number } = {},
  ) {
    this.#slotMs = slotMs
    this.#slots = slots
    this.#firstOf = new Int32Array(slots).fill(NONE)
    this.#next = new Int32Array(ids)
    this.#previous = new Int32Array(ids)
    this.#slotOf = new Int32Array(ids)
    this.#dueMs = new Float64Array(ids).fill(UNSET)
    this.#tick = Math.floor(nowMs / slotMs)
  }

  get size(): number {
    return this.#size
  }

  /** Sets the deadline of `id`, replacing the one it has. A deadline in the past is due at the next `advance`. */
  set(id: number, dueMs: number): void {
    this.cancel(id)
    const slot = Math.max(this.#tick, Math.floor(dueMs / this.#slotMs)) % this.#slots
    const first = this.#firstOf[slot]!
    this.#dueMs[id] = dueMs
    this.#slotOf[id] = slot
    this.#next[id] = first
    this.#previous[id] = NONE
    if (first !== NONE) this.#previous[first] = id
    this.#firstOf[slot] = id
    this.#size++
    if (dueMs < this.#soonestMs) this.#soonestMs = dueMs
  }

  cancel(id: number): void {
    if (this.#dueMs[id] === UNSET) return
    const next = this.#next[id]!
    const previous = this.#previous[id]!
    if (next !== NONE) this.#previous[next] = previous
    if (previous !== NONE) this.#next[previous] = next
    else this.#firstOf[this.#slotOf[id]!] = next
    this.#dueMs[id] = UNSET
    this.#size--
  }

  /** When to advance again: never later than the next deadline, possibly earlier (after a cancellation, or once a turn). */
  nextDueMs(): number {
    return this.#size === 0 ? UNSET : this.#soonestMs
  }

  /** Moves on to `nowMs` and calls `fire` for each deadline that has come. `fire` may set and cancel timers. */
  advance(nowMs: number, fire: (id: number) => void): void {
    if (nowMs < this.#soonestMs) return
    const ids = this.#expired(nowMs)
    const duesMs = ids.map((id) => this.#dueMs[id]!)
    for (const [i, id] of ids.entries()) {
      // An earlier call of `fire` may have cancelled it or set it anew.
      if (this.#dueMs[id] !== duesMs[i]) continue
      this.cancel(id)
      fire(id)
    }
    this.#soonestMs = this.#findSoonest()
  }

  /** Moves the present to `nowMs` and returns what it passed, slot by slot. */
  #expired(nowMs: number): number[] {
    const ids: number[] = []
    const last = Math.max(this.#tick, Math.floor(nowMs / this.#slotMs))
    const turn = Math.min(last, this.#tick + this.#slots - 1)
    for (let tick = this.#tick; tick <= turn; tick++)
      for (let id = this.#firstOf[tick % this.#slots]!; id !== NONE; id = this.#next[id]!)
        if (this.#dueMs[id]! <= nowMs) ids.push(id)
    this.#tick = last
    return ids
  }

  #findSoonest(): number {
    if (this.#size === 0) return UNSET
    for (let tick = this.#tick; tick < this.#tick + this.#slots; tick++) {
      const endMs = (tick + 1) * this.#slotMs
      let soonestMs = UNSET
      for (let id = this.#firstOf[tick % this.#slots]!; id !== NONE; id = this.#next[id]!)
        if (this.#dueMs[id]! < endMs && this.#dueMs[id]! < soonestMs) soonestMs = this.#dueMs[id]!
      if (soonestMs !== UNSET) return soonestMs
    }
    // All deadlines lie more than a turn ahead.
    return (this.#tick + this.#slots) * this.#slotMs
  }
}
