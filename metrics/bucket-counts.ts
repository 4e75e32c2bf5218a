import type { Buckets } from '#weir/facts/index.ts'
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

  /** Called for every message of a fleet: no closure, no allocation. */
  add(value: number): void {
    let bucket = 0
    while (bucket < this.#upTo.length && value > this.#upTo[bucket]!) bucket++
    this.#counts[bucket]!++
    this.#sum += value
  }

  /** Of values in seconds. */
  get buckets(): Buckets {
    return { upToSeconds: this.#upTo, counts: Array.from(this.#counts), sumSeconds: this.#sum }
  }

  samples(): Sample[] {
    return bucketSamples(this.buckets)
  }
}

/** A histogram as Prometheus has it: every bucket holds those before it. */
export function bucketSamples(
  { upToSeconds, counts, sumSeconds }: Buckets,
  labels: Readonly<Record<string, string>> = {},
): Sample[] {
  let count = 0
  const buckets = [...upToSeconds.map(String), '+Inf'].map((le, bucket): Sample => {
    count += counts[bucket] ?? 0
    return { suffix: '_bucket', labels: { ...labels, le }, value: count }
  })
  return [
    ...buckets,
    { suffix: '_sum', labels: { ...labels }, value: sumSeconds },
    { suffix: '_count', labels: { ...labels }, value: count },
  ]
}
