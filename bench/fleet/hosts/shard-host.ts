import type { EndedSessions, MemberLoss } from '../../types.ts'
import type { ShardProbes } from '../health.ts'
import type { FromShard, ShardTask, ToShard } from '../shard-messages.ts'
import type { ShardSnapshot } from './snapshot.ts'

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
  /** Child processes; none for threads. */
  pids: readonly number[]
  /** Where the shards run on other machines: which of them each runs. */
  members?: readonly MemberHost[]
  /** Ends the threads or processes, by force where they do not end by themselves. A member that has not stopped is lost then. */
  destroy(): Promise<void>
}

/** A process on another machine, without which the rest of the fleet goes on. */
export interface MemberHost {
  name: string
  shards: readonly number[]
  /** Resolves when it is gone for good before it has stopped, or has not when the fleet waits no longer; else never. */
  lost: Promise<MemberLoss>
}

/** What a shard has to do, as it crosses into a thread or a process. */
export type ShardAssignment = Pick<ShardTask, 'shard' | 'spec' | 'clockZeroNs' | 'clockAdjustment'>

/** What a shard says besides that it is ready or has stopped, in order. */
export type ShardNews = Exclude<FromShard, { type: 'ready' | 'stopped' }>

/** Takes what shards send. `shard` is the shard's number in the fleet. */
export type TakeNews = (shard: number, news: ShardNews) => void

/** Messages to a child process: first its assignments, then messages to its shards. */
export type ToProcess =
  | { type: 'begin'; assignments: ShardAssignment[] }
  | { type: 'to-shard'; shard: number; message: ToShard }

/** Messages from a child process: those of its shards, and what threads would read from shared memory. */
export type FromProcess =
  | { type: 'ready'; shard: number }
  | { type: 'news'; shard: number; news: ShardNews }
  | { type: 'snapshots'; snapshots: ShardSnapshot[] }
  | { type: 'stopped'; shard: number; sessions: EndedSessions }
  /** Something in it threw: it ends with exit code 1 after this. */
  | { type: 'died'; what: string }
