import { bucketOf, type TimeAxis } from './axis.ts'

const SECOND_NS = 1e9

/**
 * For each bucket the most events within any one second that ends in it. A window that slides cannot cut a burst in
 * two, as counts per calendar second do. `times` ascend.
 */
export function perSecondPeaks(times: ArrayLike<number>, axis: TimeAxis): number[] {
  const peaks = new Array<number>(axis.count).fill(0)
  const raise = (bucket: number, count: number) => {
    if (count > peaks[bucket]!) peaks[bucket] = count
  }
  let first = 0
  for (let last = 0; last < times.length; last++) {
    const t = times[last]!
    while (times[first]! <= t - SECOND_NS) first++
    raise(bucketOf(axis, t), last - first + 1)
  }
  carryIntoNextBuckets(times, axis, raise)
  return peaks
}

/** Buckets are shorter than the window in a short run: the window at a bucket's start reaches into those before it. */
function carryIntoNextBuckets(
  times: ArrayLike<number>,
  axis: TimeAxis,
  raise: (bucket: number, count: number) => void,
): void {
  let first = 0
  let next = 0
  for (let bucket = 0; bucket < axis.count; bucket++) {
    const start = bucket * axis.bucketNs
    while (next < times.length && times[next]! <= start) next++
    while (first < next && times[first]! <= start - SECOND_NS) first++
    raise(bucket, next - first)
  }
}
