import type { ToShard } from '../shard-messages.ts'
import type { ShardAssignment, ShardNews } from './shard-host.ts'
import type { ShardSnapshot } from './snapshot.ts'

/** What a child process is told: first what to run, then what its shards are told. */
export type ToProcess =
  | { type: 'begin'; assignments: ShardAssignment[] }
  | { type: 'to-shard'; shard: number; message: ToShard }

/** What a child process says: what its shards say, passed on as it is, and what threads would read from shared memory. */
export type FromProcess =
  | { type: 'ready'; shard: number }
  | { type: 'news'; shard: number; news: ShardNews }
  | { type: 'snapshots'; snapshots: ShardSnapshot[] }
  | { type: 'stopped'; shard: number }
  /** Something in it threw: it ends with exit code 1 after this. */
  | { type: 'died'; what: string }
