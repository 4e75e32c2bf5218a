import type { Clock } from '../clock.ts'

/** From this on a thread is busy enough to be worth it: packets of traffic in a millisecond. */
const BUSY_PACKETS_PER_MS = 20
/** The rate is looked at over windows of this length. */
const WINDOW_MS = 10
/** Brokers acknowledge one by one: this lets a few dozen come together. It is what it may add to a latency, at such rates only. */
const PAUSE_MS = 0.3

/** What a test replaces. */
export interface Pauses {
  /** Calls `run` when this turn of the event loop is over. */
  afterTurn(run: () => void): void
  /** Stops the thread. */
  pause(ms: number): void
}

const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
const realPauses: Pauses = {
  afterTurn: (run) => setImmediate(run),
  pause: (ms) => Atomics.wait(cell, 0, 0, ms),
}

/**
 * Interrupt coalescing, as in network cards: from 20,000 packets a second on, the thread pauses 0.3 ms after each turn and
 * then reads many acknowledgements at once, instead of waking up for each.
 */
export class Coalescer {
  readonly #clock: Clock
  readonly #pauses: Pauses
  #packets = 0
  #windowStartMs: number
  #busy = false
  #deferred = false

  constructor(clock: Clock, pauses: Pauses = realPauses) {
    this.#clock = clock
    this.#pauses = pauses
    this.#windowStartMs = clock.nowMs()
  }

  /** So many packets came with one read. */
  heard(packets: number): void {
    this.#packets += packets
    if (this.#deferred) return
    this.#deferred = true
    this.#pauses.afterTurn(this.#afterTurn)
  }

  readonly #afterTurn = (): void => {
    this.#deferred = false
    const elapsedMs = this.#clock.nowMs() - this.#windowStartMs
    if (elapsedMs >= WINDOW_MS) {
      this.#busy = this.#packets >= BUSY_PACKETS_PER_MS * elapsedMs
      this.#packets = 0
      this.#windowStartMs += elapsedMs
    }
    if (this.#busy) this.#pauses.pause(PAUSE_MS)
  }
}
