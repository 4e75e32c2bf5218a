import { connectProperties, type Will, willProperties, writeConnect } from '../../codec/connect.ts'
import { DISCONNECT_BYTES, DISCONNECT_FOR_GOOD_BYTES } from '../../codec/disconnect.ts'
import { writeSubscribe } from '../../codec/subscribe.ts'
import { topicOf } from '../../traffic/topic.ts'
import type { GroupSpec, SubscriptionSpec, WillSpec } from '../../types.ts'
import { topicOwner, userOf } from '../lifecycle/fleet-client.ts'
import { sessionExpirySeconds } from '../session-expiry.ts'
import type { ShardSpec } from '../shard-spec.ts'
import type { Client } from './client.ts'

/** Packet ids of the SUBSCRIBE packets of a connection, from here on upwards: publishers stay below, so that no two meet. */
export const FIRST_SUBSCRIBE_ID = 0xff00

/** What is the same for all clients of a group. */
interface GroupPackets {
  properties: Buffer
  willProperties: Buffer
  /** The filters of each SUBSCRIBE: identifier and user properties are of a whole packet (MQTT 5 §3.8.2.1). */
  subscribes: SubscriptionSpec[][]
}

/** The payload of a will whose spec leaves it out. */
export type WillPayload = (client: Client) => Uint8Array

const NO_PAYLOAD = new Uint8Array(0)

/** Writes CONNECT, SUBSCRIBE and DISCONNECT packets; what is the same for a whole group is written once. */
export class ClientPackets {
  readonly #spec: ShardSpec
  readonly #willPayload: WillPayload
  readonly #groups: Map<GroupSpec, GroupPackets>

  constructor(spec: ShardSpec, willPayload: WillPayload = () => NO_PAYLOAD) {
    this.#spec = spec
    this.#willPayload = willPayload
    this.#groups = new Map(spec.groups.map((group) => [group, packetsOf(group)]))
  }

  connect(client: Client): Buffer {
    const { keepAliveSeconds } = this.#spec
    const { protocol, persistent, will } = client.group
    return writeConnect({
      protocol,
      clientId: client.id,
      clean: !persistent,
      keepAliveSeconds,
      properties: this.#groups.get(client.group)!.properties,
      will: will && this.#will(client, will),
      ...userOf(client, this.#spec),
    })
  }

  /** The filters of each SUBSCRIBE of a client, with their variables; none without subscriptions. */
  subscriptions(client: Client): readonly (readonly SubscriptionSpec[])[] {
    return this.#groups.get(client.group)!.subscribes
  }

  /** The filters of the `nth` SUBSCRIBE of a client, from 0, with variables replaced. */
  filters(client: Client, nth: number): SubscriptionSpec[] {
    const filters = this.subscriptions(client)[nth]!
    return filters.map((filter) => ({ ...filter, topic: this.#topic(filter.topic, client) }))
  }

  subscribe(client: Client, nth: number, filters: readonly SubscriptionSpec[]): Buffer {
    return writeSubscribe(client.group.protocol, FIRST_SUBSCRIBE_ID + nth, filters)
  }

  /** The DISCONNECT of a client that leaves by plan; it ends the session where the fleet asks for that (MQTT 5 §3.14.2.2.2). */
  disconnect({ group, limits }: Client): Buffer {
    const lasts = limits.sessionExpirySeconds < 0 ? sessionExpirySeconds(group) : limits.sessionExpirySeconds
    const endsIt = this.#spec.endSessions && group.protocol === '5' && lasts > 0
    return endsIt ? DISCONNECT_FOR_GOOD_BYTES : DISCONNECT_BYTES
  }

  #will(client: Client, { topic, message, qos, retain = false }: WillSpec): Will {
    return {
      topic: this.#topic(topic, client),
      payload: message === undefined ? this.#willPayload(client) : Buffer.from(message),
      qos,
      retain,
      properties: this.#groups.get(client.group)!.willProperties,
    }
  }

  #topic(pattern: string, client: Client): string {
    return topicOf(pattern, topicOwner(client, this.#spec))
  }
}

function packetsOf(group: GroupSpec): GroupPackets {
  const byProperties = Map.groupBy(group.subscribe ?? [], ({ identifier, userProperties }) =>
    group.protocol === '5' ? JSON.stringify([identifier, userProperties]) : '',
  )
  return {
    properties: connectProperties(sessionExpirySeconds(group), group.connect),
    willProperties: willProperties(group.will?.delaySeconds, group.will?.properties),
    subscribes: [...byProperties.values()],
  }
}
