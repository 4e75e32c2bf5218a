import type { Histogram, RecordableHistogram } from 'node:perf_hooks'
import { loopHealthOf } from '#weir/facts/index.ts'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { ShardProbes } from '../health.ts'
import { LOOP_PROBE_MS } from '../shard-messages.ts'

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
  ping: HistogramSnapshot
}

/** Takes a snapshot, `elapsedMs` after the one before; the probes begin anew. */
export function takeSnapshot(
  shard: number,
  row: CounterRow,
  { loopDelay, lag, ping }: ShardProbes,
  elapsedMs: number,
): ShardSnapshot {
  const { loopDelayMaxMs } = loopHealthOf(loopDelay, LOOP_PROBE_MS, elapsedMs)
  const snapshot = {
    shard,
    counters: row.snapshot(),
    loopDelay: withMax(snapshotOf(loopDelay), (loopDelayMaxMs + LOOP_PROBE_MS) * 1e6),
    lag: snapshotOf(lag),
    ping: snapshotOf(ping),
  }
  loopDelay.reset()
  lag.reset()
  ping.reset()
  return snapshot
}

/** A turn that a reset hid is one more. */
function withMax({ count, values }: HistogramSnapshot, max: number): HistogramSnapshot {
  if (max <= (values.at(-1) ?? 0) * 1.1) return { count, values }
  return { count: count + 1, values: Float64Array.from([...values, max]) }
}

/** Probes that are filled from snapshots. */
export interface CopiedProbes extends ShardProbes {
  loopDelay: RecordableHistogram
  lag: RecordableHistogram
  ping: RecordableHistogram
}

/** Puts a snapshot where the fleet reads. */
export function applySnapshot(snapshot: ShardSnapshot, row: CounterRow, probes: CopiedProbes): void {
  row.restore(snapshot.counters)
  replay(snapshot.loopDelay, probes.loopDelay)
  replay(snapshot.lag, probes.lag)
  replay(snapshot.ping, probes.ping)
}
