import { availableParallelism } from 'node:os'
import type { FleetTable } from '#weir/facts/index.ts'
import type { ShardSpec } from '../engine/shard-spec.ts'
import type { LedgerIdentity } from '../ledger/shard-ledger.ts'
import { shardTraffic } from '../traffic/shard-traffic.ts'
import type { ClientCredentials, FleetSpec } from '../types.ts'

/** One thread connects 10,000 clients in about two seconds, and a second one on the same cores only costs. */
const CLIENTS_PER_WORKER = 10_000

/** Worker threads of a fleet: as requested, but not more than clients or connects in flight. */
export function workerCount(spec: Pick<FleetSpec, 'clients' | 'workers' | 'connectsInFlight'>): number {
  const wanted =
    spec.workers || Math.min(availableParallelism(), Math.ceil(spec.clients / CLIENTS_PER_WORKER))
  return Math.max(1, Math.min(wanted, spec.clients, spec.connectsInFlight))
}

/** Client k belongs to shard k mod `workers`, so that every shard sees the whole arrival schedule, thinned. `identity`: of a fleet with traffic. */
export function shardSpecs(
  spec: FleetSpec,
  table: FleetTable,
  arrivalMs: Float64Array,
  targets: ShardSpec['targets'],
  workers: number,
  identity?: LedgerIdentity,
): ShardSpec[] {
  return Array.from({ length: workers }, (_, shard) => {
    const index = Uint32Array.from(
      { length: Math.ceil((spec.clients - shard) / workers) },
      (_, i) => shard + i * workers,
    )
    return {
      clients: {
        index,
        ids: Array.from(index, (k) => table.ids[k]!),
        group: Uint16Array.from(index, (k) => table.group[k]!),
        arrivalMs: Float64Array.from(index, (k) => arrivalMs[k]!),
      },
      targets,
      fleetClients: spec.clients,
      startNumber: spec.startNumber,
      ...(spec.churn && { churn: spec.churn }),
      connectsInFlight: share(spec.connectsInFlight, workers, shard),
      ...(identity && { traffic: shardTraffic(identity, table.group, spec.groups.length, index) }),
      ...sameForAll(spec),
      ...(spec.credentials && { credentials: credentialsOf(spec.credentials, index) }),
    }
  })
}

/** Those of the clients of one shard, by slot. */
export function credentialsOf(
  { usernames, passwords, certificates }: ClientCredentials,
  index: Uint32Array,
): ShardSpec['credentials'] {
  const own = <Value>(all: readonly Value[]) => Array.from(index, (k) => all[k]!)
  return {
    ...(usernames && { usernames: own(usernames) }),
    ...(passwords && { passwords: own(passwords) }),
    ...(certificates && { certificates: own(certificates) }),
  }
}

/** What a shard takes over from the fleet's spec unchanged. */
function sameForAll(spec: FleetSpec) {
  const { groups, seed, keepAliveSeconds, reconnect, connectTimeoutMs, connackTimeoutMs, transport } = spec
  const { engine, sourceAddresses, failOver, spares, followServerReference, trafficStart, endSessions } = spec
  const { username, password } = spec
  return {
    ...{ groups, seed, keepAliveSeconds, reconnect, connectTimeoutMs, connackTimeoutMs, transport, engine },
    ...{
      sourceAddresses,
      failOver,
      spares,
      followServerReference,
      trafficStart,
      endSessions,
      username,
      password,
    },
  }
}

/** `whole` split into `parts` integers that differ by one at most. */
function share(whole: number, parts: number, part: number): number {
  return Math.floor(whole / parts) + (part < whole % parts ? 1 : 0)
}
