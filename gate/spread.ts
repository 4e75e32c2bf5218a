import { quantileOfSorted } from '#weir/assertions/statistics/index.ts'

/** What a figure was over several runs. */
export interface Spread {
  values: readonly number[]
  median: number
  /** The range without the most extreme runs: one at each end for every five. */
  least: number
  most: number
}

const RUNS_PER_OUTLIER = 5

/** Of one value at least. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const cut = Math.floor(sorted.length / RUNS_PER_OUTLIER)
  return {
    values,
    median: quantileOfSorted(sorted, 0.5),
    least: sorted[cut]!,
    most: sorted[sorted.length - 1 - cut]!,
  }
}
