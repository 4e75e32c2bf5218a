import type { PublishBound } from '#weir/facts/index.ts'
import { type PublishForm, publishForm, publishLength } from '../../codec/publish.ts'
import { PublisherLedger } from '../../ledger/publisher-ledger.ts'
import type { Payload } from '../../traffic/payload.ts'
import type { PublishSchedule } from '../../traffic/publish-schedule.ts'
import type { PublishSpec } from '../../types.ts'
import { publishBound } from '../server-limits.ts'
import type { PublisherPlace } from '../speakers.ts'
import type { Client } from './client.ts'
import { FIRST_SUBSCRIBE_ID } from './greeting.ts'
import { InFlight } from './in-flight.ts'

/** Packet ids below those of SUBSCRIBE. */
const MOST_IN_FLIGHT = FIRST_SUBSCRIBE_ID - 1

/** What a client that publishes needs for it; the others have none of this. */
export interface Publishing {
  readonly client: Client
  readonly spec: PublishSpec
  /** Id of its timer. */
  readonly timer: number
  /** Place among the publishers of its group, and how many they are. */
  readonly rank: number
  readonly of: number
  /** Messages that it sends in all. */
  readonly limit: number
  readonly payload: Payload
  readonly account: PublisherLedger
  readonly inFlight: InFlight
  /** With topic (and alias, where the spec has one). */
  readonly form: PublishForm
  /** Without topic, for a server that knows the alias (MQTT 5 §3.3.2.3.4); where aliases are not used it is `form`. */
  readonly aliased: PublishForm
  /** For a server that takes no alias of this number. */
  readonly plain: PublishForm
  /** Undefined until it may publish. */
  schedule: PublishSchedule | undefined
  /** The next message of this connection introduces the alias. */
  introduces: boolean
  /** The server of this connection does not take its next message; nor any after it, as they come in order. */
  barred: boolean
  online: boolean
  /** Packet ids to be sent again on this connection, in order; those before `resent` have been. */
  resend: number[]
  resent: number
  /** Unacknowledged ones of this connection: what the server's receive maximum bounds (MQTT 5 §4.9). */
  outstanding: number
}

export function makePublishing(client: Client, place: PublisherPlace): Publishing {
  const spec = client.group.publish!
  const { topicAlias, ...rest } = spec
  const { topic, ...placed } = place
  const { protocol } = client.group
  const plain = publishForm({ ...rest, protocol, topic })
  const withAlias = protocol === '5' && topicAlias !== undefined
  return {
    client,
    spec,
    ...placed,
    account: new PublisherLedger(client.index, spec.everyMs),
    inFlight: new InFlight(MOST_IN_FLIGHT),
    plain,
    form: withAlias ? publishForm({ ...rest, protocol, topic, topicAlias }) : plain,
    aliased: withAlias ? publishForm({ ...rest, protocol, topic: '', topicAlias }) : plain,
    schedule: undefined,
    introduces: true,
    barred: false,
    online: false,
    resend: [],
    resent: 0,
    outstanding: 0,
  }
}

/** What the next message is written with. */
export function formOf(publishing: Publishing): PublishForm {
  const { spec, client } = publishing
  if (spec.topicAlias !== undefined && spec.topicAlias > client.limits.topicAliasMaximum)
    return publishing.plain
  return publishing.introduces ? publishing.form : publishing.aliased
}

/** What the server of this connection does not take of the next message. */
export function nextBound(publishing: Publishing): PublishBound | undefined {
  const { client, spec, payload, account } = publishing
  return publishBound(client.limits, spec, publishLength(formOf(publishing), payload.size(account.sent + 1)))
}

/** How many may be unacknowledged at once: the client's own bound, and the server's (MQTT 5 §3.2.2.3.3). */
export function windowOf({ spec, client }: Publishing): number {
  return Math.min(spec.inFlight ?? MOST_IN_FLIGHT, client.limits.receiveMaximum, MOST_IN_FLIGHT)
}
