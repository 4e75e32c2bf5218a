import { fleetTable } from '#weir/bench/fleet/fleet-table.ts'
import { TrafficPlan } from '#weir/bench/traffic/plan.ts'
import { topicOf } from '#weir/bench/traffic/topic.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import type { Problem } from './problem.ts'

/** The properties of a fleet that decide which clients receive which messages. */
export type Traffic = Pick<FleetSpec, 'clients' | 'groups' | 'clientId' | 'username'>

/** For each client, the subscribers to its messages and to its will. */
export interface Subscribers {
  group: readonly number[]
  publish: readonly number[][]
  will: readonly number[][]
}

export function subscribersOf(fleet: Traffic): Subscribers {
  const spec = fleet as FleetSpec
  const table = fleetTable(spec)
  const plan = new TrafficPlan(spec, table)
  const receivers = (topic: string | undefined, client: number): number[] => {
    if (topic === undefined) return []
    const clientId = table.ids[client]!
    const owner = { index: client, clientId, username: fleet.username, fleetClients: fleet.clients }
    const { plain, shares } = plan.subscribersOf(topicOf(topic, owner), client)
    return [...plain.keys(), ...shares.flatMap(({ members }) => members.slice(0, 1))]
  }
  const groupOf = (client: number) => fleet.groups[table.group[client]!]!
  return {
    group: table.group,
    publish: table.ids.map((_, client) => receivers(groupOf(client).publish?.topic, client)),
    will: table.ids.map((_, client) => receivers(groupOf(client).will?.topic, client)),
  }
}

/** How many clients of a group have no subscriber for their messages or wills. */
export interface WithoutSubscriber {
  group: number
  what: 'publish' | 'will'
  clients: number
  unheard: number
}

export function withoutSubscriber({ groups }: Traffic, subscribers: Subscribers): WithoutSubscriber[] {
  return groups.flatMap((spec, group) =>
    (['publish', 'will'] as const).flatMap((what) => {
      if (spec[what] === undefined) return []
      const members = subscribers.group.flatMap((one, client) => (one === group ? [client] : []))
      const unheard = members.filter((client) => subscribers[what][client]!.length === 0).length
      return unheard > 0 ? [{ group, what, clients: members.length, unheard }] : []
    }),
  )
}

/** With this many clients per group every pattern finds its subscribers; a smaller fleet may just be too small. */
const ENOUGH_PER_GROUP = 16

/**
 * Topics of asserted messages or wills that have no subscriber in a fleet of any size: nothing could be verified about them.
 */
export function trafficProblems(fleet: Traffic, asserts: readonly string[]): Problem[] {
  const { groups } = fleet
  if (!groups.some(({ publish, will }) => publish || will)) return []
  const enough = { ...fleet, clients: Math.max(fleet.clients, ENOUGH_PER_GROUP * groups.length) }
  return withoutSubscriber(enough, subscribersOf(enough)).flatMap((one) => {
    if (one.unheard < one.clients || !asserts.includes(one.what === 'publish' ? 'messages' : 'wills'))
      return []
    const { topic } = groups[one.group]![one.what]!
    const path = ['fleet', 'groups', one.group, one.what, 'topic']
    const what = `${path.join('.')} is "${topic}": no client of the fleet subscribes to it, so it cannot be verified: change the topic or add a subscription`
    return [{ code: 'WEIR_SCENARIO_INVALID', path, key: false, what } satisfies Problem]
  })
}
