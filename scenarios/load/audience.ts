import { fleetTable } from '#weir/bench/fleet/fleet-table.ts'
import { TrafficPlan } from '#weir/bench/traffic/plan.ts'
import { topicOf } from '#weir/bench/traffic/topic.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import type { Problem } from './problem.ts'

/** What of a fleet decides who hears whom. */
export type Speakers = Pick<FleetSpec, 'clients' | 'groups' | 'clientId' | 'username'>

/** Who of the fleet is subscribed to what each client publishes, and to its will; lists are empty where nobody is. */
export interface Audience {
  group: readonly number[]
  publish: readonly number[][]
  will: readonly number[][]
}

/** A pure function of the fleet: who hears whom. */
export function audienceOf(fleet: Speakers): Audience {
  const spec = fleet as FleetSpec
  const table = fleetTable(spec)
  const plan = new TrafficPlan(spec, table)
  const heardBy = (topic: string | undefined, client: number): number[] => {
    if (topic === undefined) return []
    const clientId = table.ids[client]!
    const owner = { index: client, clientId, username: fleet.username, fleetClients: fleet.clients }
    const { plain, shares } = plan.subscribersOf(topicOf(topic, owner), client)
    return [...plain.keys(), ...shares.flatMap(({ members }) => members.slice(0, 1))]
  }
  const groupOf = (client: number) => fleet.groups[table.group[client]!]!
  return {
    group: table.group,
    publish: table.ids.map((_, client) => heardBy(groupOf(client).publish?.topic, client)),
    will: table.ids.map((_, client) => heardBy(groupOf(client).will?.topic, client)),
  }
}

/** How many clients of each group speak to nobody: publishers by group, and wills. */
export interface Unheard {
  group: number
  what: 'publish' | 'will'
  clients: number
  unheard: number
}

/** What clients of the fleet say to nobody. */
export function unheardIn({ groups }: Speakers, audience: Audience): Unheard[] {
  return groups.flatMap((spec, group) =>
    (['publish', 'will'] as const).flatMap((what) => {
      if (spec[what] === undefined) return []
      const members = audience.group.flatMap((one, client) => (one === group ? [client] : []))
      const unheard = members.filter((client) => audience[what][client]!.length === 0).length
      return unheard > 0 ? [{ group, what, clients: members.length, unheard }] : []
    }),
  )
}

/** In a fleet of so many clients a group every pattern meets whom it may meet; a smaller one may just be too small for it. */
const ENOUGH_A_GROUP = 16

/**
 * Topics of messages or wills that are to be accounted for, and that no client would hear however large the fleet: then nothing
 * could be proved of them.
 */
export function audienceProblems(fleet: Speakers, asserts: readonly string[]): Problem[] {
  const { groups } = fleet
  if (!groups.some(({ publish, will }) => publish || will)) return []
  const enough = { ...fleet, clients: Math.max(fleet.clients, ENOUGH_A_GROUP * groups.length) }
  return unheardIn(enough, audienceOf(enough)).flatMap((one) => {
    if (one.unheard < one.clients || !asserts.includes(one.what === 'publish' ? 'messages' : 'wills'))
      return []
    const { topic } = groups[one.group]![one.what]!
    const path = ['fleet', 'groups', one.group, one.what, 'topic']
    const what = `${path.join('.')} is "${topic}": no client of the fleet is subscribed to it, so nothing could be proved of it`
    return [{ code: 'WEIR_SCENARIO_INVALID', path, key: false, what } satisfies Problem]
  })
}
