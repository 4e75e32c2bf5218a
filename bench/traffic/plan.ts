import { usageError, type WeirError } from '#weir/errors/index.ts'
import type { FleetTable, Qos } from '#weir/facts/index.ts'
import type { FleetSpec, GroupSpec, PublishSpec, SubscriptionSpec } from '../types.ts'
import { FilterTree } from './filter-tree.ts'
import { filterOf, isShared, topicOf } from './topic.ts'

/** A client that publishes, with its topic's variables replaced. */
export interface PlannedPublisher {
  client: number
  topic: string
  publish: PublishSpec
}

/** Who should get what is published to a topic. */
export interface PlannedSubscribers {
  /** By client: the highest QoS of its matching subscriptions, and how many there are. */
  plain: Map<number, { qos: Qos; subscriptions: number }>
  shares: PlannedShare[]
}

export interface PlannedShare {
  /** `$share/<name>/<filter>` with variables replaced. */
  subscription: string
  qos: Qos
  members: number[]
}

type Entry = { client: number; qos: Qos; noLocal: boolean } | { share: PlannedShare }

/** Whether a fleet's messages are accounted for at all: one that only connects has no ledger, and does not pay for one. */
export function hasTraffic(groups: readonly GroupSpec[]): boolean {
  return groups.some(
    ({ subscribe, publish, will }) => subscribe !== undefined || publish !== undefined || will !== undefined,
  )
}

/** Who publishes what and who should get it: a pure function of the fleet. */
export class TrafficPlan {
  readonly publishers: PlannedPublisher[] = []
  readonly #tree = new FilterTree<Entry>()
  readonly #shares = new Map<string, PlannedShare>()

  constructor(spec: FleetSpec, table: Pick<FleetTable, 'ids' | 'group'>) {
    for (const [client, clientId] of table.ids.entries()) {
      const group = spec.groups[table.group[client]!]!
      if (!group.subscribe && !group.publish) continue
      const username = spec.credentials?.usernames?.[client] ?? spec.username
      const { clients: fleetClients, startNumber } = spec
      const owner = { index: client, clientId, username, fleetClients, startNumber }
      for (const subscription of group.subscribe ?? [])
        this.#subscribe(client, topicOf(subscription.topic, owner), subscription)
      if (group.publish)
        this.publishers.push({ client, topic: topicOf(group.publish.topic, owner), publish: group.publish })
    }
  }

  /** Throws WEIR_USAGE where the subscription of a message would be ambiguous. */
  check(): void {
    if (this.#shares.size === 0) return
    for (const { client, topic, publish } of this.publishers) {
      if (publish.payload.kind !== 'ledger') continue
      const { plain, shares } = this.subscribersOf(topic, client)
      const seen = new Set(plain.keys())
      for (const { subscription, members } of shares)
        for (const member of members) {
          if (seen.has(member)) throw ambiguous(topic, subscription)
          seen.add(member)
        }
    }
  }

  subscribersOf(topic: string, publisher: number): PlannedSubscribers {
    const plain: PlannedSubscribers['plain'] = new Map()
    const shares: PlannedShare[] = []
    for (const entry of this.#tree.match(topic)) {
      if ('share' in entry) {
        shares.push(entry.share)
        continue
      }
      const { client, qos, noLocal } = entry
      if (noLocal && client === publisher) continue
      const before = plain.get(client)
      plain.set(client, {
        qos: before && before.qos > qos ? before.qos : qos,
        subscriptions: (before?.subscriptions ?? 0) + 1,
      })
    }
    return { plain, shares }
  }

  #subscribe(client: number, topic: string, { qos, noLocal = false }: SubscriptionSpec): void {
    if (!isShared(topic)) {
      this.#tree.add(topic, { client, qos, noLocal })
      return
    }
    let share = this.#shares.get(topic)
    if (!share) {
      share = { subscription: topic, qos, members: [] }
      this.#shares.set(topic, share)
      this.#tree.add(filterOf(topic), { share })
    }
    if (qos < share.qos) share.qos = qos
    share.members.push(client)
  }
}

function ambiguous(topic: string, subscription: string): WeirError {
  return usageError(
    `fleet: what is published to "${topic}" reaches a client by "${subscription}" and by another of its subscriptions, so the ledger cannot tell them apart: put these subscriptions in different groups`,
  )
}
