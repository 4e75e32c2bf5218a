import { randomBytes } from 'node:crypto'
import type { ShardTraffic } from '../engine/shard-spec.ts'
import type { LedgerIdentity } from '../ledger/shard-ledger.ts'
import type { FleetSpec, TrafficStart } from '../types.ts'

/** What identifies a fleet's headers: a random tag, and its clock's zero in Unix time. */
export function makeIdentity(spec: Pick<FleetSpec, 'clockZeroNs' | 'otherFleets'>): LedgerIdentity {
  const nowMicros = (performance.timeOrigin + performance.now()) * 1000
  const sinceZeroMicros = Number(process.hrtime.bigint() - spec.clockZeroNs) / 1000
  return {
    tag: randomBytes(3).readUIntBE(0, 3),
    anchorMicros: nowMicros - sinceZeroMicros,
    ...(spec.otherFleets ? { otherFleets: true } : {}),
  }
}

/** The part of each shard, whose clients `indexes` names. `group`: of every client of the fleet. */
export function shardTraffic(
  identity: LedgerIdentity,
  group: readonly number[],
  groups: number,
  indexes: Uint32Array,
): ShardTraffic {
  const groupSizes = Array.from({ length: groups }, () => 0)
  const rank = Uint32Array.from(group, (g) => groupSizes[g]!++)
  return { identity, groupSizes, rank: indexes.map((k) => rank[k]!) }
}

/** Whether publishers wait until the fleet says that all of them begin. */
export function beginTogether(start: TrafficStart | undefined): boolean {
  return start === 'when-all-ready' || start === 'when-all-tried'
}
