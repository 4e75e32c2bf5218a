/** More points than this are thinned: a million pairs say as much as a hundred million. */
const MOST_POINTS = 1_500

/**
 * The median of the slopes between all pairs of points: a line that a few outliers, or the steps of a staircase, do not
 * bend. Source: Sen 1968. NaN when no two points differ in x.
 */
export function theilSenSlope(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const points = thinned(x.length)
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2)
  let count = 0
  for (let i = 0; i < points.length; i++)
    for (let j = i + 1; j < points.length; j++) {
      const dx = x[points[j]!]! - x[points[i]!]!
      if (dx !== 0) slopes[count++] = (y[points[j]!]! - y[points[i]!]!) / dx
    }
  if (count === 0) return Number.NaN
  const sorted = slopes.subarray(0, count).sort()
  const middle = count >> 1
  return count % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function thinned(length: number): number[] {
  const step = Math.max(1, length / MOST_POINTS)
  return Array.from({ length: Math.min(length, MOST_POINTS) }, (_, i) => Math.floor(i * step))
}
