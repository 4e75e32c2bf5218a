import type { Clock } from '../runtime/clock.ts'

/** What is out of order beside what EMQX itself does: of one node, or of all. */
export class Disturbed {
  readonly #clock: Clock
  #apiDownUntilMs = 0
  #aheadMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Requests under /api are answered with 503. */
  get isApiDown(): boolean {
    return this.#clock.now() < this.#apiDownUntilMs
  }

  takeApiDown(ms: number): void {
    this.#apiDownUntilMs = this.#clock.now() + ms
  }

  /** The time that the node's system shows. Timers do not follow it. */
  wallMs(): number {
    return this.#clock.now() + this.#aheadMs
  }

  stepClock(ms: number): void {
    this.#aheadMs += ms
  }
}
