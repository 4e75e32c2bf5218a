import { type Clock, nodeTimers, type Timers } from '../clock.ts'

/** setTimeout takes at most this much. */
const LONGEST_MS = 2 ** 31 - 1

/** One timer for a whole shard: it fires when the nearest deadline of any client comes. */
export class Pump {
  readonly #clock: Clock
  readonly #work: () => void
  readonly #timers: Timers
  #timer: unknown
  #dueMs = Number.POSITIVE_INFINITY

  constructor(clock: Clock, work: () => void, timers: Timers = nodeTimers) {
    this.#clock = clock
    this.#work = work
    this.#timers = timers
  }

  /** Makes sure that `work` runs at `dueMs` or soon after. A later instant than the one set changes nothing. */
  wakeAt(dueMs: number): void {
    if (dueMs >= this.#dueMs) return
    this.#timers.clear(this.#timer)
    this.#dueMs = dueMs
    const waitMs = Math.min(LONGEST_MS, Math.max(0, Math.ceil(dueMs - this.#clock.nowMs())))
    this.#timer = this.#timers.set(this.#run, waitMs)
  }

  stop(): void {
    this.#timers.clear(this.#timer)
    this.#dueMs = Number.NEGATIVE_INFINITY
  }

  readonly #run = (): void => {
    this.#dueMs = Number.POSITIVE_INFINITY
    this.#work()
  }
}
