import type { Listener } from '../ledger/shard-ledger.ts'
import { makePayload, type Payload } from '../traffic/payload.ts'
import { limitOf } from '../traffic/publish-schedule.ts'
import { topicOf } from '../traffic/topic.ts'
import type { GroupSpec } from '../types.ts'
import type { FleetClient } from './fleet-client.ts'
import type { ShardSpec, ShardTraffic } from './shard-spec.ts'

type Who = Pick<FleetClient, 'slot' | 'index' | 'id' | 'group'>

/** What tells one publisher of a shard from the others. */
export interface PublisherPlace {
  /** Id of its timer, from 0. */
  timer: number
  /** Place among the publishers of its group, and how many they are. */
  rank: number
  of: number
  /** Messages that it sends in all. */
  limit: number
  topic: string
  /** One for its whole group. */
  payload: Payload
}

/** What the ledger must know of each client that listens; undefined for the others. */
export function listenersOf(spec: ShardSpec, clients: readonly Who[]): (Listener | undefined)[] {
  return clients.map((client) => {
    const { group, index } = client
    return (
      group.subscribe && {
        index,
        filters: group.subscribe.map(({ topic }) => topicOf(topic, ownerOf(client, spec))),
        retainAsPublished: group.subscribe.some(({ retainAsPublished }) => retainAsPublished === true),
      }
    )
  })
}

/** Makes a publisher of every client whose group publishes. */
export function publishersOf<Client extends Who, Publisher>(
  spec: ShardSpec,
  traffic: ShardTraffic,
  clients: readonly Client[],
  make: (client: Client, place: PublisherPlace) => Publisher,
): Publisher[] {
  const payloads = new Map<GroupSpec, Payload>()
  const all: Publisher[] = []
  for (const client of clients) {
    const { group, slot } = client
    if (!group.publish) continue
    const payload = payloads.get(group) ?? makePayload(group.publish.payload, spec.seed, traffic.identity)
    payloads.set(group, payload)
    const rank = traffic.rank[slot]!
    const of = traffic.groupSizes[spec.clients.group[slot]!]!
    const limit = limitOf(group.publish.limit, rank, of)
    const topic = topicOf(group.publish.topic, ownerOf(client, spec))
    all.push(make(client, { timer: all.length, rank, of, limit, topic, payload }))
  }
  return all
}

function ownerOf({ index, id }: Who, { username, fleetClients }: ShardSpec) {
  return { index, clientId: id, username, fleetClients }
}
