import type { Clock, Timers } from '#weir/bench/engine/clock.ts'

interface Timer {
  dueMs: number
  run: () => void
}

/** Time that passes only when a test lets it: hours in an instant, and every instant exact. */
export class VirtualTime implements Clock, Timers {
  #nowMs = 0
  #timers: Timer[] = []

  nowMs(): number {
    return this.#nowMs
  }

  set(run: () => void, waitMs: number): Timer {
    const timer = { dueMs: this.#nowMs + waitMs, run }
    // Behind those of the same instant: first set, first rung.
    const at = this.#timers.findIndex(({ dueMs }) => dueMs > timer.dueMs)
    this.#timers.splice(at === -1 ? this.#timers.length : at, 0, timer)
    return timer
  }

  clear(timer: unknown): void {
    this.#timers = this.#timers.filter((each) => each !== timer)
  }

  /** Lets time pass until `done`, or until nothing is set any more. Fails after `most` timers. */
  passUntil(done: () => boolean, most = 1_000_000): void {
    for (let rung = 0; !done() && this.#timers.length > 0; rung++) {
      if (rung === most) throw new Error(`${most} timers rang, and it is not done`)
      const { dueMs, run } = this.#timers.shift()!
      this.#nowMs = dueMs
      run()
    }
  }
}
