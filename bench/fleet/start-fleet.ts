import type { ClientEvents } from '#weir/facts/index.ts'
import { plannedInstantsMs } from '../arrivals/schedule.ts'
import { CounterRow, makeCounterMemory, sumCounters } from '../counters/live-counters.ts'
import { withWords } from '../events/event-log.ts'
import { resolvePolicy } from '../policies/resolve.ts'
import { checkTraffic } from '../traffic/check-traffic.ts'
import { hasTraffic, TrafficPlan } from '../traffic/plan.ts'
import { makeIdentity } from '../traffic/shard-traffic.ts'
import type { EndedSessions, Fleet, FleetSpec } from '../types.ts'
import { checkSpec } from './check-spec.ts'
import { fleetTable } from './fleet-table.ts'
import { FleetTraffic } from './fleet-traffic.ts'
import { HealthReader } from './health.ts'
import { type Hosting, hostingHere } from './hosts/host-shards.ts'
import type { ShardNews } from './hosts/shard-host.ts'
import { followMembers } from './members.ts'
import { resolveTargets, targetName } from './resolve-target.ts'
import { shardSpecs } from './shards.ts'
import { chooseSources, dealtOver } from './sources/choose-sources.ts'
import { died, stopFleet } from './stop-fleet.ts'

const NO_TRAFFIC = { settled: true, unanswered: [] as readonly number[] }

/**
 * Starts a fleet, by default in worker threads, or in child processes where descriptors require it, and returns once the arrival
 * schedule runs. Throws WEIR_USAGE for an invalid spec, WEIR_DESCRIPTORS, WEIR_PORTS, and WEIR_BROKER when a host does not
 * resolve. A broker that is down is no error.
 */
export async function startFleet(
  spec: FleetSpec,
  onBatch: (batch: ClientEvents) => void,
  hosting: Hosting = hostingHere(),
): Promise<Fleet> {
  checkSpec(spec)
  checkTraffic(spec)
  const table = fleetTable(spec)
  resolvePolicy(spec.reconnect)
  const arrivalMs = plannedInstantsMs(spec.arrival, spec.clients, spec.seed)
  const placement = hosting.place(spec)
  const shardTargets = await resolveTargets(spec.targets)
  const { addresses, warning } = hosting.isHere ? await chooseSources(spec, shardTargets) : {}
  const workers = Math.max(1, placement.processes) * placement.workersEach
  const books = hasTraffic(spec.groups)
    ? { plan: new TrafficPlan(spec, table), identity: makeIdentity(spec) }
    : undefined
  books?.plan.check()
  const memory = makeCounterMemory(workers)
  const rows = Array.from({ length: workers }, (_, shard) => new CounterRow(memory, shard))
  const targets = spec.targets.map(targetName)
  const take = (shard: number, news: ShardNews) => {
    if (news.type !== 'batch') {
      traffic?.take(shard, news)
      return
    }
    rows[shard]!.rowsTaken(news.columns.length)
    traffic?.observe(news.columns)
    for (const { client, id } of news.columns.assignedIds ?? []) table.ids[client] = id
    onBatch(withWords(news.columns, targets))
  }
  const routed = addresses ? { ...spec, sourceAddresses: dealtOver(addresses, shardTargets.length) } : spec
  const assignments = shardSpecs(routed, table, arrivalMs, shardTargets, workers, books?.identity).map(
    (shardSpec, shard) => ({
      shard,
      spec: shardSpec,
      clockZeroNs: spec.clockZeroNs,
    }),
  )
  const hosts = hosting.host(placement, assignments, { memory, rows, take })
  const { shards } = hosts
  const traffic =
    books &&
    new FleetTraffic(spec, table, books, {
      counters: () => sumCounters(rows),
      send: (message) => {
        for (const host of shards) host.send(message)
      },
      shards: workers,
      aheadMs: hosting.startAheadMs,
    })
  try {
    const probes = await Promise.race([Promise.all(shards.map((host) => host.ready)), died(shards)])
    const startMs = Number(process.hrtime.bigint() - spec.clockZeroNs) / 1e6 + hosting.startAheadMs
    for (const host of shards) host.send({ type: 'start', startMs })
    traffic?.watch()
    const health = new HealthReader(probes, hosts.members)
    const ended = Promise.withResolvers<void>()
    ended.promise.catch(() => undefined)
    died(shards).catch(ended.reject)
    const members = hosts.members && followMembers(hosts.members, { rows, health, traffic, ended })
    let stopping: Promise<EndedSessions> | undefined
    return {
      table,
      pids: hosts.pids,
      ...(members && { members }),
      notes: warning === undefined ? [] : [warning],
      counters: () => sumCounters(rows),
      health: () => health.read(),
      ended: ended.promise,
      endTraffic: async (limitMs) => {
        const { settled, unanswered } = (await traffic?.end(limitMs, ended.promise)) ?? NO_TRAFFIC
        const silent = members?.filter(({ shards: own }) => own.some((shard) => unanswered.includes(shard)))
        return { settled, unanswered: (silent ?? []).map(({ name }) => name) }
      },
      ledger: () => traffic?.ledger(),
      latencies: () => traffic?.latencies() ?? [],
      stop: () => {
        traffic?.close()
        stopping ??= stopFleet(hosts, spec)
        stopping.then(() => ended.resolve(), ended.reject)
        return stopping
      },
    }
  } catch (error) {
    traffic?.close()
    for (const host of shards) host.close()
    await hosts.destroy()
    throw error
  }
}
