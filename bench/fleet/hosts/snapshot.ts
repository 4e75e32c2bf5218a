import type { Histogram, RecordableHistogram } from 'node:perf_hooks'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { ShardProbes } from '../health.ts'

/** Values of a histogram at evenly spaced ranks, each standing for its share of `count`. Exact where there are as many as values. */
export interface HistogramSnapshot {
  count: number
  values: Float64Array
}

/** Enough that a 99th percentile of many put together is what it was. */
const MOST_VALUES = 400

/** What a histogram holds, small enough to send: histograms themselves do not cross processes. */
export function snapshotOf(histogram: Histogram): HistogramSnapshot {
  const count = Number(histogram.count)
  const kept = Math.min(count, MOST_VALUES)
  return {
    count,
    values: Float64Array.from({ length: kept }, (_, i) => histogram.percentile((100 * (i + 0.5)) / kept)),
  }
}

/** Records it into another histogram. */
export function replay({ count, values }: HistogramSnapshot, into: RecordableHistogram): void {
  let recorded = 0
  for (const [i, value] of values.entries()) {
    const upTo = Math.round((count * (i + 1)) / values.length)
    for (; recorded < upTo; recorded++) into.record(Math.max(1, Math.round(value)))
  }
}

/** How often a child process says how its shards stand. */
export const SNAPSHOT_EVERY_MS = 100

/** How a shard stands: its counters, and what its probes have measured since the snapshot before. */
export interface ShardSnapshot {
  shard: number
  counters: BigInt64Array
  loopDelay: HistogramSnapshot
  lag: HistogramSnapshot
}

/** Takes a snapshot; the probes begin anew. */
export function takeSnapshot(shard: number, row: CounterRow, { loopDelay, lag }: ShardProbes): ShardSnapshot {
  const snapshot = { shard, counters: row.snapshot(), loopDelay: snapshotOf(loopDelay), lag: snapshotOf(lag) }
  loopDelay.reset()
  lag.reset()
  return snapshot
}

/** Probes that are filled from snapshots. */
export interface CopiedProbes extends ShardProbes {
  loopDelay: RecordableHistogram
  lag: RecordableHistogram
}

/** Puts a snapshot where the fleet reads. */
export function applySnapshot(snapshot: ShardSnapshot, row: CounterRow, probes: CopiedProbes): void {
  row.restore(snapshot.counters)
  replay(snapshot.loopDelay, probes.loopDelay)
  replay(snapshot.lag, probes.lag)
}
