import type { EndedSessions } from '../../types.ts'
import type { ToShard } from '../shard-messages.ts'
import type { ShardAssignment, ShardNews } from './shard-host.ts'
import type { ShardSnapshot } from './snapshot.ts'

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
