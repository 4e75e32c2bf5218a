import type { Clock } from '#weir/testbed/runtime/clock.ts'

interface Timer {
  atMs: number
  order: number
  run: () => void
}

/** A clock that moves only when told to. `soon` runs in the event loop's next turn, as in the real one. */
export class VirtualClock implements Clock {
  #nowMs = Date.UTC(2023, 0, 5, 10, 5, 22)
  #timers: Timer[] = []
  #order = 0

  now(): number {
    return this.#nowMs
  }

  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, order: this.#order++, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  soon(run: () => void): void {
    setImmediate(run)
  }

  /** Lets time pass: every timer runs at its own moment, and sockets get a few turns of the event loop after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms
    do await turns()
    while (this.#runNext(end))
    this.#nowMs = end
    await turns()
  }

  /** The same without the event loop, for machines without sockets. */
  jump(ms: number): void {
    const end = this.#nowMs + ms
    while (this.#runNext(end));
    this.#nowMs = end
  }

  /** Runs the first timer that is due until then; false where there is none. */
  #runNext(endMs: number): boolean {
    const next = this.#timers
      .filter(({ atMs }) => atMs <= endMs)
      .sort((left, right) => left.atMs - right.atMs || left.order - right.order)[0]
    if (next === undefined) return false
    this.#timers = this.#timers.filter((other) => other !== next)
    this.#nowMs = Math.max(this.#nowMs, next.atMs)
    next.run()
    return true
  }

  /** What a node's own work costs, in the middle of a tick. */
  pass(ms: number): void {
    this.#nowMs += ms
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}
