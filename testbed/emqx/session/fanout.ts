import type { Clock } from '../../runtime/clock.ts'

/** Deliveries done in one stretch; more than that would hold up every other client and timer of the process. */
const STRETCH = 256

/** Runs many small deliveries in order, without long stretches: a message for thousands of subscribers is cut up. */
export class Fanout {
  readonly #clock: Clock
  #waiting: (() => void)[] = []
  #next = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  run(deliveries: (() => void)[]): void {
    if (this.#waiting.length === 0 && deliveries.length <= STRETCH) {
      for (const deliver of deliveries) deliver()
      return
    }
    const idle = this.#waiting.length === 0
    for (const deliver of deliveries) this.#waiting.push(deliver)
    if (idle) this.#clock.soon(() => this.#pump())
  }

  #pump(): void {
    const end = Math.min(this.#next + STRETCH, this.#waiting.length)
    while (this.#next < end) this.#waiting[this.#next++]!()
    if (this.#next < this.#waiting.length) {
      this.#clock.soon(() => this.#pump())
      return
    }
    this.#waiting = []
    this.#next = 0
  }
}
