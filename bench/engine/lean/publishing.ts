import type { PublishBound } from '#weir/facts/index.ts'
import { type PublishForm, publishForm, publishLength } from '../../codec/publish.ts'
import { Publisher, type PublisherPlace } from '../lifecycle/publisher.ts'
import { publishBound } from '../server-limits.ts'
import type { Client } from './client.ts'
import { FIRST_SUBSCRIBE_ID } from './client-packets.ts'
import { InFlight } from './in-flight.ts'
import { ResumedIds } from './resumed-ids.ts'

/** Packet ids below those of SUBSCRIBE. */
const MOST_IN_FLIGHT = FIRST_SUBSCRIBE_ID - 1

/** A publisher with its messages in flight, which outlive connections. */
export class Publishing extends Publisher<Client> {
  readonly inFlight = new InFlight(MOST_IN_FLIGHT)
  /** For a server that accepts no alias of this number. */
  readonly plain: PublishForm
  /** With topic (and alias, where the spec has one). */
  readonly #form: PublishForm
  /** Without topic, for a server that knows the alias (MQTT 5 §3.3.2.3.4); without an alias it is `#form`. */
  readonly #aliased: PublishForm
  /** Of a session that another process began; undefined for one of this process. */
  resumedIds: ResumedIds | undefined
  /** This process has been connected before, so it knows all packet ids of the session. */
  knowsSession = false
  /** The next message of this connection introduces the alias. */
  introduces = true
  online = false
  /** Packet ids to be sent again on this connection, in order; those before `resent` have been. */
  resend: number[] = []
  resent = 0
  /** Unacknowledged messages of this connection: what the server's receive maximum bounds (MQTT 5 §4.9). */
  outstanding = 0

  constructor(client: Client, place: PublisherPlace) {
    super(client, place)
    const { topicAlias, ...rest } = this.spec
    const { protocol } = client.group
    const { topic } = place
    const withAlias = protocol === '5' && topicAlias !== undefined
    this.plain = publishForm({ ...rest, protocol, topic })
    this.#form = withAlias ? publishForm({ ...rest, protocol, topic, topicAlias }) : this.plain
    this.#aliased = withAlias ? publishForm({ ...rest, protocol, topic: '', topicAlias }) : this.plain
  }

  /** A connection with a session, or with a new one. */
  continues(sessionPresent: boolean): void {
    if (!sessionPresent) {
      this.resumedIds = undefined
      this.inFlight.freshUpTo = Number.POSITIVE_INFINITY
    } else if (this.resumedIds) this.resumedIds.again()
    else if (!this.knowsSession && this.spec.qos === 2) this.resumedIds = new ResumedIds(this.inFlight)
    this.knowsSession = true
  }

  /** What the next message is written with. */
  get form(): PublishForm {
    const { topicAlias } = this.spec
    if (topicAlias !== undefined && topicAlias > this.client.limits.topicAliasMaximum) return this.plain
    return this.introduces ? this.#form : this.#aliased
  }

  /** The limit of this connection's server that the next message exceeds. */
  get nextBound(): PublishBound | undefined {
    const length = publishLength(this.form, this.payload.size(this.account.sent + 1))
    return publishBound(this.client.limits, this.spec, length)
  }

  /** How many may be unacknowledged at once: the client's own bound, and the server's (MQTT 5 §3.2.2.3.3). */
  get window(): number {
    return Math.min(this.spec.inFlight ?? MOST_IN_FLIGHT, this.client.limits.receiveMaximum, MOST_IN_FLIGHT)
  }
}
