import type { Piscina } from 'piscina'
import { plannedInstantsMs } from '../arrivals/planned-instants.ts'
import { CounterRow, makeCounterMemory, sumCounters } from '../counters/live-counters.ts'
import { type Columns, withWords } from '../events/columns.ts'
import { resolvePolicy } from '../policies/resolve.ts'
import type { ClientBatch, Fleet, FleetSpec } from '../types.ts'
import { checkSpec } from './check-spec.ts'
import { requireDescriptors } from './descriptors.ts'
import { fleetTable } from './fleet-table.ts'
import { HealthReader } from './health.ts'
import { makePool } from './pool.ts'
import { resolveTargets, targetName } from './resolve-target.ts'
import { ShardHost } from './shard-host.ts'
import { shardSpecs, workerCount } from './shards.ts'
import { died, stopFleet } from './stop-fleet.ts'

/** The start lies ahead by this, so that every worker knows of it when it comes, and none begins late. */
const START_AHEAD_MS = 50

/**
 * Starts a fleet of MQTT clients in worker threads and returns once the arrival schedule runs; `onBatch` gets what happens to
 * them. Throws WEIR_USAGE for a spec that makes no sense, WEIR_DESCRIPTORS when the process may not open that many sockets,
 * WEIR_BROKER when the host does not resolve. That the broker is away is no error: clients come back as their policy says.
 */
export async function startFleet(
  spec: FleetSpec,
  onBatch: (batch: ClientBatch) => void,
  poolOf: (workers: number) => Piscina = makePool,
): Promise<Fleet> {
  checkSpec(spec)
  const table = fleetTable(spec)
  resolvePolicy(spec.reconnect)
  const arrivalMs = plannedInstantsMs(spec.arrival, spec.clients, spec.seed)
  requireDescriptors(spec.clients)
  const shardTargets = await resolveTargets(spec.targets)
  const workers = workerCount(spec)
  const memory = makeCounterMemory(workers)
  const rows = Array.from({ length: workers }, (_, shard) => new CounterRow(memory, shard))
  const targets = spec.targets.map(targetName)
  const pool = poolOf(workers)
  const hosts = shardSpecs(spec, table, arrivalMs, shardTargets, workers).map((shardSpec, shard) => {
    const take = (columns: Columns) => {
      rows[shard]!.rowsTaken(columns.length)
      onBatch(withWords(columns, targets))
    }
    const { clockZeroNs } = spec
    return new ShardHost(pool, { shard, spec: shardSpec, clockZeroNs, counters: memory }, take)
  })
  try {
    const probes = await Promise.race([Promise.all(hosts.map((host) => host.ready)), died(hosts)])
    const startMs = Number(process.hrtime.bigint() - spec.clockZeroNs) / 1e6 + START_AHEAD_MS
    for (const host of hosts) host.start(startMs)
    const health = new HealthReader(probes)
    const ended = Promise.withResolvers<void>()
    ended.promise.catch(() => undefined)
    died(hosts).catch(ended.reject)
    let stopping: Promise<void> | undefined
    return {
      table,
      counters: () => sumCounters(rows),
      health: () => health.read(),
      ended: ended.promise,
      endTraffic: async () => undefined,
      ledger: () => undefined,
      stop: () => {
        stopping ??= stopFleet(pool, hosts).then(ended.resolve, (error: unknown) => {
          ended.reject(error)
          throw error
        })
        return stopping
      },
    }
  } catch (error) {
    for (const host of hosts) host.close()
    await pool.destroy()
    throw error
  }
}
