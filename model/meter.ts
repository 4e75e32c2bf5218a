import type { Downtime } from './types.ts'

const BINS_PER_SECOND = 1000

/** Counts events and keeps the most within any second, to a millisecond. Times never go back. */
export class RateMeter {
  readonly #bins = new Float64Array(BINS_PER_SECOND)
  #bin = 0
  #sum = 0
  count = 0
  peak = 0

  add(t: number): void {
    const bin = Math.round(t * BINS_PER_SECOND)
    for (let left = Math.min(bin - this.#bin, BINS_PER_SECOND); left > 0; left--) {
      const slot = (bin - left + 1) % BINS_PER_SECOND
      this.#sum -= this.#bins[slot]!
      this.#bins[slot] = 0
    }
    this.#bin = bin
    this.#bins[bin % BINS_PER_SECOND]!++
    this.#sum++
    this.count++
    this.peak = Math.max(this.peak, this.#sum)
  }
}

/** Numbers in the order in which they came; four bytes each. */
export class Samples {
  #values = new Float32Array(1024)
  #length = 0

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float32Array(2 * this.#length)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  /** Nearest-rank quantiles; all zero without samples. */
  downtime(): Downtime {
    const sorted = this.#values.slice(0, this.#length).sort()
    const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
    return { p50Seconds: at(0.5), p90Seconds: at(0.9), p99Seconds: at(0.99), maxSeconds: at(1) }
  }
}
