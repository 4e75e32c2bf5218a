import { WeirError } from '#weir/errors/index.ts'
import type { CounterRow } from '../counters/live-counters.ts'
import type { FleetMember } from '../types.ts'
import type { FleetTraffic } from './fleet-traffic.ts'
import type { HealthReader } from './health.ts'
import type { MemberHost } from './hosts/shard-host.ts'

/** What of a fleet changes when a member is lost. */
export interface MemberOutlets {
  rows: readonly CounterRow[]
  health: Pick<HealthReader, 'forget'>
  traffic: Pick<FleetTraffic, 'lose'> | undefined
  ended: Pick<PromiseWithResolvers<void>, 'reject'>
}

/** Figures of now: nobody knows them of clients that are lost. What was counted stays. */
const OF_NOW = ['online', 'inFlight', 'subscribed', 'cannotPublish'] as const

/** Keeps the fleet's figures true when a member is lost; the fleet ends with the last one. */
export function followMembers(
  hosts: readonly MemberHost[],
  { rows, health, traffic, ended }: MemberOutlets,
): readonly FleetMember[] {
  let present = hosts.length
  return hosts.map(({ name, shards, lost }) => {
    lost.then(({ how }) => {
      for (const shard of shards) {
        for (const figure of OF_NOW) rows[shard]!.add(figure, -rows[shard]!.get(figure))
        traffic?.lose(shard)
      }
      health.forget(name)
      present--
      if (present === 0) ended.reject(new WeirError('WEIR_GENERATOR', `${how}: no other is left`))
    })
    return { name, shards, of: rows.length, lost }
  })
}
