import type { Histogram, RecordableHistogram } from 'node:perf_hooks'

/** Values of a histogram at evenly spaced ranks, each standing for its share of `count`. Exact where there are as many as values. */
export interface Distilled {
  count: number
  values: Float64Array
}

/** Enough that a 99th percentile of many put together is what it was. */
const MOST_VALUES = 400

/** What a histogram holds, small enough to send: histograms themselves do not cross processes. */
export function distil(histogram: Histogram): Distilled {
  const count = Number(histogram.count)
  const kept = Math.min(count, MOST_VALUES)
  return {
    count,
    values: Float64Array.from({ length: kept }, (_, i) => histogram.percentile((100 * (i + 0.5)) / kept)),
  }
}

/** Records it into another histogram. */
export function replay({ count, values }: Distilled, into: RecordableHistogram): void {
  let recorded = 0
  for (const [i, value] of values.entries()) {
    const upTo = Math.round((count * (i + 1)) / values.length)
    for (; recorded < upTo; recorded++) into.record(Math.max(1, Math.round(value)))
  }
}
