import { dealtTo, type Hosting } from '#weir/bench/fleet/hosts/host-shards.ts'
import { ShardEnds, type ShardOutlet } from '#weir/bench/fleet/hosts/shard-ends.ts'
import type { MemberHost, ShardHost } from '#weir/bench/fleet/hosts/shard-host.ts'
import type { Placement } from '#weir/bench/fleet/placement.ts'
import type { FleetSpec, MemberLoss } from '#weir/bench/types.ts'
import { messageOf, usageError, WeirError } from '#weir/errors/index.ts'
import type { ClockReading } from './clock-comparison.ts'
import type { PodLink } from './pod-link.ts'

/** As of a process of this machine (bench/fleet/shards.ts): more clients are spread over more threads. */
const CLIENTS_PER_WORKER = 10_000

/** An order to a pod may go through an API server. */
const START_AHEAD_MS = 1000

/** What a run wants to know of its pods. */
export interface PodOutlets {
  compared(pod: string, reading: ClockReading): void
  warned(text: string): void
}

/** How a fleet is spread over pods: as over as many child processes, so its schedule is that of one process. Throws WEIR_USAGE. */
export function podPlacement(
  { clients, connectsInFlight, workers }: Pick<FleetSpec, 'clients' | 'connectsInFlight' | 'workers'>,
  pods: number,
): Placement {
  const most = Math.min(clients, connectsInFlight)
  if (pods > most)
    throw usageError(
      `--pods ${pods} for ${clients} clients with ${connectsInFlight} connects in flight: each pod needs at least one of both, so use at most ${most} pods, or a larger fleet.connectsInFlight`,
    )
  const wanted = workers || Math.ceil(clients / pods / CLIENTS_PER_WORKER)
  return { processes: pods, workersEach: Math.max(1, Math.min(wanted, Math.floor(most / pods))) }
}

/** Runs the shards of a fleet in these pods. */
export const podHosting = (links: readonly PodLink[], out: PodOutlets): Hosting => ({
  isHere: false,
  startAheadMs: START_AHEAD_MS,
  place: (spec) => podPlacement(spec, links.length),
  host({ processes }, assignments, { rows, take }) {
    // What a pod measures comes with its news: a silence is the path's until the pod is lost.
    const outlet: ShardOutlet = { rows, take, reportedEveryMs: Number.POSITIVE_INFINITY }
    const hosts = dealtTo(processes, assignments).map((part, i) => hostOn(links[i]!, part, outlet, out))
    return {
      shards: hosts.flatMap(({ shards }) => shards),
      pids: [],
      members: hosts.map(({ member }) => member),
      async destroy() {
        for (const link of links) link.giveUp()
      },
    }
  },
})

function hostOn(
  link: PodLink,
  assignments: Parameters<Hosting['host']>[1],
  outlet: ShardOutlet,
  { compared, warned }: PodOutlets,
): { shards: readonly ShardHost[]; member: MemberHost } {
  const { name } = link.pod
  const shards = assignments.map(({ shard }) => shard)
  const done = Promise.withResolvers<void>()
  const lost = Promise.withResolvers<MemberLoss>()
  const stopped = new Set<number>()
  const ready = new Set<number>()
  const ends = new ShardEnds(shards, done.promise, (shard, message) => link.send(shard, message), outlet)
  link
    .begin(assignments, {
      hear(message) {
        ends.hear(message)
        if (message.type === 'ready') ready.add(message.shard)
        if (message.type !== 'stopped') return
        stopped.add(message.shard)
        if (stopped.size < shards.length) return
        // It may end before the others have stopped, and is not lost by that.
        void link.end()
        done.resolve()
      },
      lost(how, sinceMs) {
        // The fleet waits for all to be ready, and does not begin without one.
        if (ready.size < shards.length) done.reject(new WeirError('WEIR_FLEET_JOB', how))
        ends.giveUp({ ended: 0, left: 0 })
        done.resolve()
        lost.resolve({ how, sinceMs })
      },
      compared: (reading) => compared(name, reading),
    })
    .then(
      ({ warning }) => warning !== undefined && warned(`fleet pod ${name}: ${warning}`),
      (cause: unknown) => done.reject(new WeirError('WEIR_FLEET_JOB', messageOf(cause), { cause })),
    )
  return { shards: ends.shards, member: { name, shards, lost: lost.promise } }
}
