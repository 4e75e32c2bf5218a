import type { Listener } from '../../ledger/shard-ledger.ts'
import { makePayload, type Payload } from '../../traffic/payload.ts'
import { limitOf } from '../../traffic/publish-schedule.ts'
import { templatePayload } from '../../traffic/template.ts'
import { topicOf } from '../../traffic/topic.ts'
import type { GroupSpec } from '../../types.ts'
import type { ShardSpec, ShardTraffic } from '../shard-spec.ts'
import { type FleetClient, topicOwner } from './fleet-client.ts'
import type { PublisherPlace } from './publisher.ts'

/** What the ledger must know of each subscriber; undefined for the other clients. */
export function subscribersOf(spec: ShardSpec, clients: readonly FleetClient[]): (Listener | undefined)[] {
  return clients.map((client) => {
    const { group, index } = client
    return (
      group.subscribe && {
        index,
        filters: group.subscribe.map(({ topic }) => topicOf(topic, topicOwner(client, spec))),
        retainAsPublished: group.subscribe.some(({ retainAsPublished }) => retainAsPublished === true),
      }
    )
  })
}

/** Makes a publisher of every client whose group publishes. */
export function publishersOf<Client extends FleetClient, Publisher>(
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
    const owner = topicOwner(client, spec)
    const { payload: filling } = group.publish
    // Only a template differs from publisher to publisher.
    const payload =
      filling.kind === 'template'
        ? templatePayload(filling.templates, owner, spec.seed, traffic.identity)
        : (payloads.get(group) ?? makePayload(filling, spec.seed, traffic.identity))
    payloads.set(group, payload)
    const rank = traffic.rank[slot]!
    const of = traffic.groupSizes[spec.clients.group[slot]!]!
    const limit = limitOf(group.publish.limit, rank, of)
    const topic = topicOf(group.publish.topic, owner)
    all.push(make(client, { timer: all.length, rank, of, limit, topic, payload }))
  }
  return all
}
