import type { EndedSessions } from '../../types.ts'
import type { ShardProbes } from '../health.ts'
import type { FromShard, ShardTask, ToShard } from '../shard-messages.ts'

/** The fleet's end of one shard, wherever it runs. */
export interface ShardHost {
  /** Settles when what runs the shard has ended: rejects when it died. */
  readonly done: Promise<void>
  /** The shard is set up and waits for the start. */
  readonly ready: Promise<ShardProbes>
  /** The last batch has been delivered. */
  readonly stopped: Promise<EndedSessions>
  send(message: ToShard): void
  /** Listens no more. */
  close(): void
}

/** All shards of a fleet, and what they run in. */
export interface ShardHosts {
  shards: readonly ShardHost[]
  /** Ends the threads or processes, by force where they do not end by themselves. */
  destroy(): Promise<void>
}

/** What a shard has to do, as it crosses into a thread or a process. */
export type ShardAssignment = Pick<ShardTask, 'shard' | 'spec' | 'clockZeroNs'>

/** What a shard says besides that it is ready or has stopped, in order. */
export type ShardNews = Exclude<FromShard, { type: 'ready' | 'stopped' }>

/** Takes what shards send. `shard` is the shard's number in the fleet. */
export type TakeNews = (shard: number, news: ShardNews) => void
