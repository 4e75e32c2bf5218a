/** How far events run ahead of a rate, as they come. */
export class EnvelopeLevel {
  readonly #perNs: number
  #level = 0
  #lastT = Number.NEGATIVE_INFINITY
  /** The highest level so far: the tightest burst of all events (`tightestBurst`). */
  peak = 0

  constructor(ratePerSecond: number) {
    this.#perNs = ratePerSecond / 1e9
  }

  /** Adds an event. Times are nanoseconds and ascend. */
  add(t: number): void {
    this.#level = this.at(t) + 1
    this.#lastT = Math.max(t, this.#lastT)
    this.peak = Math.max(this.peak, this.#level)
  }

  /** The level at a time after the last event: it drains at the rate, and never below zero. */
  at(t: number): number {
    if (this.#level === 0) return 0
    return Math.max(0, this.#level - this.#perNs * Math.max(0, t - this.#lastT))
  }
}

/** The most evictions by which a node may be ahead: so many ticks of the rate, and `slack` more. */
export const envelopeBound = (ratePerSecond: number, bounds: { ticks: number; slack: number }): number =>
  bounds.ticks * ratePerSecond + bounds.slack
