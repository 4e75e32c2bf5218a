import type { Sample } from './samples.ts'

/** Counts values by buckets, as a Prometheus histogram does. */
export class BucketCounts {
  readonly #upTo: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  /** `upTo`: the upper ends of the buckets, ascending. */
  constructor(upTo: readonly number[]) {
    this.#upTo = upTo
    this.#counts = new Float64Array(upTo.length + 1)
  }

  add(value: number): void {
    const bucket = this.#upTo.findIndex((end) => value <= end)
    this.#counts[bucket < 0 ? this.#upTo.length : bucket]!++
    this.#sum += value
  }

  samples(): Sample[] {
    let count = 0
    const buckets = [...this.#upTo.map(String), '+Inf'].map((le, bucket): Sample => {
      count += this.#counts[bucket]!
      return { suffix: '_bucket', labels: { le }, value: count }
    })
    return [
      ...buckets,
      { suffix: '_sum', labels: {}, value: this.#sum },
      { suffix: '_count', labels: {}, value: count },
    ]
  }
}
