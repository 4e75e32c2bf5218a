import type { RunView } from '#weir/record/view/index.ts'
import { originOf } from '../text/time.ts'

/** The time axis that all charts of a report share: equal buckets from the record's zero to its end. */
export interface TimeAxis {
  bucketNs: number
  count: number
  originT: number
  /** Seconds from the report's origin to the end of each bucket. */
  seconds: number[]
}

const BUCKET_SECONDS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600, 3600]
const MOST_BUCKETS = 1200

/** Buckets fine enough to show a second of a short run, and few enough to keep the page of a long one small. */
export function timeAxis(run: RunView): TimeAxis {
  const lengthSeconds = Math.max(run.moments.end / 1e9, 1)
  const bucketSeconds =
    BUCKET_SECONDS.find((seconds) => lengthSeconds / seconds <= MOST_BUCKETS) ?? lengthSeconds / MOST_BUCKETS
  const count = Math.ceil(lengthSeconds / bucketSeconds) + 1
  const originT = originOf(run)
  const seconds = Array.from({ length: count }, (_, index) =>
    rounded((index + 1) * bucketSeconds - originT / 1e9),
  )
  return { bucketNs: bucketSeconds * 1e9, count, originT, seconds }
}

/** The bucket whose end is the first at or after `t`; the last one for anything later. */
export function bucketOf(axis: TimeAxis, t: number): number {
  return Math.min(Math.max(Math.ceil(t / axis.bucketNs) - 1, 0), axis.count - 1)
}

/** Seconds from the report's origin, to the millisecond. */
export function axisSeconds(axis: TimeAxis, t: number): number {
  return rounded((t - axis.originT) / 1e9)
}

/** To the millisecond: more digits would only make the page larger. */
export function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
