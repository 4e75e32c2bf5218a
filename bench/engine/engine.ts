import type { LatencyBuckets } from '#weir/facts/index.ts'
import type { CounterRow } from '../counters/live-counters.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LedgerPart } from '../ledger/shard-ledger.ts'
import type { TrafficBatch } from '../ledger/traffic-batch.ts'
import type { Connection, ConnectionOwner, Route } from '../transport/connection.ts'
import type { EndedSessions } from '../types.ts'
import type { Clock, Timers } from './clock.ts'

/** Where a shard writes what it does. */
export interface ShardOutlets {
  clock: Clock
  log: EventLog
  counters: CounterRow
  /** Lateness of client actions against their planned instants, in microseconds from 1. */
  lag: { record(value: number): void }
  /** Round trips of keep-alive pings that were answered, in microseconds from 1. The mqttjs engine does not see its own. */
  ping?: { record(value: number): void } | undefined
  /** Takes what the fleet's owner accounts for itself: messages of shared subscriptions, and wills. */
  traffic?: (batch: TrafficBatch) => void
  /** Left out: Node's own. */
  timers?: Timers
  /** How the lean engine connects; left out: plain TCP. */
  dial?: <C>(client: C, owner: ConnectionOwner<C>, route: Route) => Connection<C>
}

/** The messages of one shard. */
export interface EngineTraffic {
  /** Publishers begin at `startMs` on the fleet's clock: for those that do not begin each when it is connected. */
  begin(startMs: number): void
  /** Publishers stop. What is in flight goes on. */
  end(): void
  /** What the ledger knows so far. */
  part(): LedgerPart
  /** The latencies of all messages so far. */
  latencies(): LatencyBuckets[]
  /** Hands on what has gathered for `ShardOutlets.traffic`. */
  flush(): void
}

/** What runs the clients of one shard in one thread. */
export interface Engine {
  /** Starts the arrival schedule: its zero is `startMs` on the fleet's clock. */
  start(startMs: number): void
  /**
   * Every client leaves: DISCONNECT to those online. All sockets are closed, by force after `graceMs`. Then sessions that outlive this
   * are ended, if the spec says so.
   */
  stop(graceMs: number): Promise<EndedSessions>
  /** Left out of a shard whose spec has no traffic. */
  readonly traffic?: EngineTraffic | undefined
}
