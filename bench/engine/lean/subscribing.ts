import { MalformedPacket } from '../../codec/malformed.ts'
import { PROTOCOL_ERROR } from '../../codec/reason-code.ts'
import type { ClientEvents } from '../client-events.ts'
import type { ShardOutlets } from '../engine.ts'
import { maySubscribe } from '../server-limits.ts'
import type { Client } from './client.ts'
import { FIRST_SUBSCRIBE_ID, type Greeter } from './greeting.ts'

/** The code of a SUBSCRIBE that the server's limits rule out. */
const NOT_SENT = -1

/** The subscriptions of a shard's clients, from CONNACK to loss. */
export class Subscribing {
  readonly #greeter: Greeter
  readonly #counters: ShardOutlets['counters']
  readonly #events: ClientEvents

  constructor(greeter: Greeter, events: ClientEvents, { counters }: ShardOutlets) {
    this.#greeter = greeter
    this.#counters = counters
    this.#events = events
  }

  /** A session that is still there holds the subscriptions, once the broker has granted them. */
  begin(client: Client, sessionPresent: 0 | 1): void {
    if (!client.group.subscribe?.length) return
    if (sessionPresent === 0) client.subscribed = false
    if (client.subscribed) {
      this.#counters.add('subscribed', 1)
      return
    }
    const packets = this.#greeter.subscriptions(client).length
    client.subacksDue = packets
    for (let nth = 0; nth < packets; nth++) {
      const filters = this.#greeter.filters(client, nth)
      const packet = this.#greeter.subscribe(client, nth, filters)
      const allowed = filters.every((filter) => maySubscribe(client.limits, filter))
      if (allowed && packet.length <= client.limits.maximumPacketSize) client.socket!.write(packet)
      else this.#refused(client, NOT_SENT)
    }
  }

  /** Throws MalformedPacket for an answer to something else than was asked. */
  answered(client: Client, packetId: number, filters: number, refusal: number): void {
    const asked = this.#greeter.subscriptions(client)[packetId - FIRST_SUBSCRIBE_ID]
    if (asked?.length !== filters)
      throw new MalformedPacket(`SUBACK of packet id ${packetId} for ${filters} filters`, PROTOCOL_ERROR)
    if (refusal >= 0) this.#refused(client, refusal)
    else if (client.subacksDue > 0 && --client.subacksDue === 0) {
      client.subscribed = true
      this.#events.add(client, 'subscribed')
      this.#counters.add('subscribed', 1)
    }
  }

  /** The client is no longer online. */
  lost(client: Client): void {
    if (client.subscribed) this.#counters.add('subscribed', -1)
    client.subacksDue = 0
  }

  /** Only the first refusal of a connection counts. */
  #refused(client: Client, code: number): void {
    if (client.subacksDue < 0) return
    client.subacksDue = -1
    this.#events.add(client, 'subscribe-refused', '', code)
    this.#counters.add('subscribesRefused', 1)
  }
}
