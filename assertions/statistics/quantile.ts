/** The q-quantile of ascending values by the nearest rank: the smallest value that q of all do not exceed. NaN of none. */
export function quantileOfSorted(values: ArrayLike<number>, q: number): number {
  if (values.length === 0) return Number.NaN
  const rank = Math.ceil(q * values.length) - 1
  return values[Math.min(values.length - 1, Math.max(0, rank))]!
}

/** The same of values in any order; they are not changed. */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), q)
}
