import type { CounterRow } from '../../counters/live-counters.ts'
import { ChildProcessHost } from './child-process.ts'
import type { ShardAssignment, ShardHosts, TakeNews } from './shard-host.ts'

/** Shards in child processes: as many processes as told, with neighbouring shards in each. */
export function processHosts(
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
    async destroy() {
      await Promise.all(children.map((child) => child.destroy()))
    },
  }
}
