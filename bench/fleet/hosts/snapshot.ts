import type { RecordableHistogram } from 'node:perf_hooks'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { ShardProbes } from '../health.ts'
import { type Distilled, distil, replay } from './distil.ts'

/** How often a child process says how its shards stand. */
export const SNAPSHOT_EVERY_MS = 100

/** How a shard stands: its counters, and what its probes have measured since the snapshot before. */
export interface ShardSnapshot {
  shard: number
  counters: BigInt64Array
  loopDelay: Distilled
  lag: Distilled
}

/** Takes a snapshot; the probes begin anew. */
export function takeSnapshot(shard: number, row: CounterRow, { loopDelay, lag }: ShardProbes): ShardSnapshot {
  const snapshot = { shard, counters: row.snapshot(), loopDelay: distil(loopDelay), lag: distil(lag) }
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
