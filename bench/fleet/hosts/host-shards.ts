import type { Piscina } from 'piscina'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { Spread } from '../spread.ts'
import { processHosts } from './process-hosts.ts'
import type { ShardAssignment, ShardHosts, TakeNews } from './shard-host.ts'
import { threadHosts } from './thread-host.ts'

/** Where shards write their figures, and whom they tell what happens. */
export interface HostOutlets {
  memory: SharedArrayBuffer
  rows: readonly CounterRow[]
  take: TakeNews
}

/** Sets the shards up where the fleet is spread over: threads of this process, or child processes. */
export function hostShards(
  { processes }: Spread,
  assignments: readonly ShardAssignment[],
  { memory, rows, take }: HostOutlets,
  poolOf: (workers: number) => Piscina,
): ShardHosts {
  return processes > 0
    ? processHosts(processes, assignments, rows, take)
    : threadHosts(poolOf(assignments.length), assignments, memory, take)
}
