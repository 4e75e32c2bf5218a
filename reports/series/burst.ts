import { bucketOf, rounded, type TimeAxis } from './axis.ts'

export interface BurstSeries {
  /** For each bucket the highest level reached in it. */
  levels: number[]
  /** The tightest burst b* of the whole sequence, and when it was reached. */
  tightest: number
  tightestT: number
}

/**
 * How far events run ahead of `ratePerSecond` (docs/contract/upgrade.md#windows): each event fills a bucket by one, which drains at
 * the rate. The highest level is the tightest burst b*(r) = sup over s<t of A(s,t] - r(t-s). `times` ascend.
 */
export function burstLevels(times: ArrayLike<number>, ratePerSecond: number, axis: TimeAxis): BurstSeries {
  const levels = new Array<number>(axis.count).fill(0)
  let level = 0
  let lastT = 0
  let tightest = 0
  let tightestT = 0
  for (let i = 0; i < times.length; i++) {
    const t = times[i]!
    level = Math.max(0, level - (ratePerSecond * (t - lastT)) / 1e9) + 1
    lastT = t
    const bucket = bucketOf(axis, t)
    if (level > levels[bucket]!) levels[bucket] = level
    if (level > tightest) {
      tightest = level
      tightestT = t
    }
  }
  drain(levels, ratePerSecond, axis)
  return { levels: levels.map(rounded), tightest, tightestT }
}

/** Buckets without an event still hold what the ones before them left. */
function drain(levels: number[], ratePerSecond: number, axis: TimeAxis): void {
  const drained = (ratePerSecond * axis.bucketNs) / 1e9
  for (let bucket = 1; bucket < levels.length; bucket++)
    levels[bucket] = Math.max(levels[bucket]!, levels[bucket - 1]! - drained, 0)
}
