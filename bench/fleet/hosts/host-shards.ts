import type { Piscina } from 'piscina'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { FleetSpec } from '../../types.ts'
import { descriptorReadings } from '../descriptors.ts'
import { type Placement, placementOf } from '../placement.ts'
import { makePool } from '../pool.ts'
import { ChildProcessHost } from './child-process.ts'
import type { ShardOutlet } from './shard-ends.ts'
import type { ShardAssignment, ShardHosts, TakeNews } from './shard-host.ts'
import { threadHosts } from './thread-host.ts'

/** Where shards write their figures and send their events. */
export interface HostOutlets {
  memory: SharedArrayBuffer
  rows: readonly CounterRow[]
  take: TakeNews
}

/** Where the shards of a fleet run. */
export interface Hosting {
  /** Clients connect from this machine: its addresses and ports are theirs. */
  isHere: boolean
  /** The start lies ahead by this, so that every shard knows of it when it comes, and none begins late. */
  startAheadMs: number
  /** How the fleet is spread. Throws WEIR_DESCRIPTORS or WEIR_USAGE when it does not fit. */
  place(spec: FleetSpec): Placement
  host(placement: Placement, assignments: readonly ShardAssignment[], outlets: HostOutlets): ShardHosts
}

/** Threads of this process while its descriptors suffice, else child processes. */
export const hostingHere = (poolOf: (workers: number) => Piscina = makePool): Hosting => ({
  isHere: true,
  startAheadMs: 50,
  place: (spec) => placementOf(spec, descriptorReadings()),
  host: ({ processes }, assignments, { memory, rows, take }) =>
    processes > 0
      ? processHosts(processes, assignments, { rows, take })
      : threadHosts(poolOf(assignments.length), assignments, memory, take),
})

/** Shards in `processes` processes, neighbors together. */
export function dealtTo(
  processes: number,
  assignments: readonly ShardAssignment[],
): (readonly ShardAssignment[])[] {
  const each = Math.ceil(assignments.length / processes)
  const parts: (readonly ShardAssignment[])[] = []
  for (let first = 0; first < assignments.length; first += each)
    parts.push(assignments.slice(first, first + each))
  return parts
}

function processHosts(
  processes: number,
  assignments: readonly ShardAssignment[],
  out: ShardOutlet,
): ShardHosts {
  const children = dealtTo(processes, assignments).map((part) => new ChildProcessHost(part, out))
  return {
    shards: children.flatMap((child) => child.shards),
    pids: children.flatMap(({ pid }) => pid ?? []),
    async destroy() {
      await Promise.all(children.map((child) => child.destroy()))
    },
  }
}
