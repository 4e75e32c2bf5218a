import type { Piscina } from 'piscina'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { Placement } from '../placement.ts'
import { ChildProcessHost } from './child-process.ts'
import type { ShardAssignment, ShardHosts, TakeNews } from './shard-host.ts'
import { threadHosts } from './thread-host.ts'

/** Where shards write their figures and send their events. */
export interface HostOutlets {
  memory: SharedArrayBuffer
  rows: readonly CounterRow[]
  take: TakeNews
}

/** Sets the shards up where the fleet is spread over: threads of this process, or child processes. */
export function hostShards(
  { processes }: Placement,
  assignments: readonly ShardAssignment[],
  { memory, rows, take }: HostOutlets,
  poolOf: (workers: number) => Piscina,
): ShardHosts {
  return processes > 0
    ? processHosts(processes, assignments, rows, take)
    : threadHosts(poolOf(assignments.length), assignments, memory, take)
}

/** Shards in `processes` child processes, neighbors together. */
function processHosts(
  processes: number,
  assignments: readonly ShardAssignment[],
  rows: readonly CounterRow[],
  take: TakeNews,
): ShardHosts {
  const each = Math.ceil(assignments.length / processes)
  const children: ChildProcessHost[] = []
  for (let first = 0; first < assignments.length; first += each)
    children.push(new ChildProcessHost(assignments.slice(first, first + each), rows, take))
  return {
    shards: children.flatMap((child) => child.shards),
    pids: children.flatMap(({ pid }) => pid ?? []),
    async destroy() {
      await Promise.all(children.map((child) => child.destroy()))
    },
  }
}
