import { MalformedPacket, PROTOCOL_ERROR } from '../../codec/reason-code.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'
import { maySubscribe } from '../server-limits.ts'
import type { Client } from './client.ts'
import { type ClientPackets, FIRST_SUBSCRIBE_ID } from './client-packets.ts'

/** The code of a SUBSCRIBE that the server's limits exclude. */
const NOT_SENT = -1

/** Sends SUBSCRIBE packets and reads their SUBACKs. */
export class Subscribing {
  readonly #packets: ClientPackets
  readonly #lifecycle: Lifecycle<Client>

  constructor(packets: ClientPackets, lifecycle: Lifecycle<Client>) {
    this.#packets = packets
    this.#lifecycle = lifecycle
  }

  /** A client is connected: it subscribes unless its session still holds the subscriptions. */
  begin(client: Client): void {
    if (!client.group.subscribe?.length || client.subscribed) return
    const packets = this.#packets.subscriptions(client).length
    client.subacksDue = packets
    this.#lifecycle.subscribing(client)
    for (let nth = 0; nth < packets; nth++) {
      const filters = this.#packets.filters(client, nth)
      const packet = this.#packets.subscribe(client, nth, filters)
      const allowed = filters.every((filter) => maySubscribe(client.limits, filter))
      if (allowed && packet.length <= client.limits.maximumPacketSize) client.socket!.write(packet)
      else this.#refused(client, NOT_SENT)
    }
  }

  /** `refusal`: the first code that refuses a filter, or -1. Throws MalformedPacket for an answer to another request. */
  answered(client: Client, packetId: number, filters: number, refusal: number): void {
    const requested = this.#packets.subscriptions(client)[packetId - FIRST_SUBSCRIBE_ID]
    if (requested?.length !== filters)
      throw new MalformedPacket(
        `SUBACK of packet id ${packetId} for ${filters} filters`,
        PROTOCOL_ERROR,
        'suback-out-of-place',
      )
    if (refusal >= 0) this.#refused(client, refusal)
    else if (client.subacksDue > 0 && --client.subacksDue === 0) this.#lifecycle.granted(client)
  }

  /** Only the first refusal of a connection counts. */
  #refused(client: Client, code: number): void {
    if (client.subacksDue < 0) return
    client.subacksDue = -1
    this.#lifecycle.refused(client, code)
  }
}
