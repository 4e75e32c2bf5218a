import type { Histogram } from 'node:perf_hooks'
import type { MessagePort } from 'node:worker_threads'
import type { LatencyBuckets } from '#weir/facts/index.ts'
import type { ShardSpec } from '../engine/shard-spec.ts'
import type { Columns } from '../events/event-log.ts'
import type { LedgerPart } from '../ledger/shard-ledger.ts'
import type { TrafficBatch } from '../ledger/traffic-batch.ts'
import type { EndedSessions } from '../types.ts'

/** The never-ending task of one worker. */
export interface ShardTask {
  shard: number
  spec: ShardSpec
  clockZeroNs: bigint
  /** Of a fleet whose clock is another machine's. */
  clockAdjustment?: SharedArrayBuffer | undefined
  counters: SharedArrayBuffer
  port: MessagePort
}

/** Messages to a worker. */
export type ToShard =
  | { type: 'start'; startMs: number }
  /** Publishers that wait for everybody begin at that instant of the fleet's clock. */
  | { type: 'traffic-begin'; startMs: number }
  /** Publishers stop. */
  | { type: 'traffic-end' }
  /** The ledger as it stands is wanted: answered with `ledger`. */
  | { type: 'traffic-part' }
  | { type: 'stop'; graceMs: number }

/**
 * Messages from a worker. The histograms of `ready` are shared, not copied. `stopped` follows the last batch and the last
 * `ledger`.
 */
export type FromShard =
  | { type: 'ready'; loopDelay: Histogram; lag: Histogram; ping: Histogram }
  | { type: 'batch'; columns: Columns }
  | { type: 'traffic'; batch: TrafficBatch }
  | { type: 'ledger'; part: LedgerPart }
  /** All so far. */
  | { type: 'latencies'; latencies: LatencyBuckets[] }
  | { type: 'stopped'; sessions: EndedSessions }

/** Resolution of the event-loop probe. What it records includes its own interval. */
export const LOOP_PROBE_MS = 20
