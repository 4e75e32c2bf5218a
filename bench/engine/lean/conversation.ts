import { AckBuffer } from '../../codec/acks.ts'
import { MalformedPacket } from '../../codec/malformed.ts'
import * as type from '../../codec/packet-type.ts'
import { readRare } from '../../codec/rare.ts'
import {
  type Connack,
  type PublishView,
  readConnack,
  readDisconnectCode,
  readPacketId,
  readPublish,
  readSubackGranted,
} from '../../codec/read.ts'
import type { Client } from './client.ts'

/** What the broker may tell a client that changes where the client stands. */
export interface Listener {
  onConnack(client: Client, connack: Connack): void
  onSuback(client: Client, granted: boolean): void
  onPingresp(client: Client): void
  onDisconnect(client: Client, code: number): void
}

/**
 * The client's half of the MQTT conversation: reads one packet and answers what wants an answer. Throws MalformedPacket
 * for what a broker must not send.
 */
export class Conversation {
  readonly acks = new AckBuffer()
  readonly #listener: Listener
  readonly #publish: PublishView = {
    qos: 0,
    retain: false,
    duplicate: false,
    packetId: 0,
    topicStart: 0,
    topicEnd: 0,
    payloadStart: 0,
    payloadEnd: 0,
  }

  constructor(listener: Listener) {
    this.#listener = listener
  }

  /** An `OnPacket`: returns false once the connection is over. */
  readonly onPacket = (client: Client, first: number, bytes: Buffer, start: number, end: number): boolean => {
    // MQTT 5 §3.2: the first packet from the server is a CONNACK, except that AUTH comes before it to those who ask.
    if (client.state === 'asking' && first !== type.CONNACK) throw new MalformedPacket('no CONNACK first')
    if ((first & 0xf0) === type.PUBLISH) return this.#onPublish(client, first, bytes, start, end)
    switch (first) {
      case type.CONNACK:
        if (client.state !== 'asking') throw new MalformedPacket('a second CONNACK')
        this.#listener.onConnack(client, readConnack(bytes, start, end, client.group.protocol))
        break
      case type.PINGRESP:
        if (end !== start) throw new MalformedPacket('PINGRESP with a body')
        this.#listener.onPingresp(client)
        break
      case type.SUBACK:
        this.#listener.onSuback(client, readSubackGranted(bytes, start, end, client.group.protocol))
        break
      case type.PUBREL:
        this.acks.add(type.PUBCOMP, readPacketId(bytes, start, end))
        break
      case type.DISCONNECT:
        // In MQTT 3.1.1 only a client sends it (§3.14).
        if (client.group.protocol === '3.1.1')
          throw new MalformedPacket('DISCONNECT from an MQTT 3.1.1 server')
        this.#listener.onDisconnect(client, readDisconnectCode(bytes, start, end))
        break
      default:
        this.#onRare(client, first, bytes.subarray(start, end))
    }
    return client.socket !== null
  }

  #onPublish(client: Client, first: number, bytes: Buffer, start: number, end: number): boolean {
    readPublish(first, bytes, start, end, client.group.protocol, this.#publish)
    const { qos, packetId } = this.#publish
    if (qos === 1) this.acks.add(type.PUBACK, packetId)
    if (qos === 2) this.acks.add(type.PUBREC, packetId)
    return true
  }

  /** Answers to what this client never sends do no harm; everything else is not for a client to get. */
  #onRare(client: Client, first: number, body: Buffer): void {
    const { cmd } = readRare(first, body, client.group.protocol)
    if (cmd !== 'puback' && cmd !== 'pubrec' && cmd !== 'pubcomp' && cmd !== 'unsuback')
      throw new MalformedPacket(`${cmd.toUpperCase()} from a server`)
  }
}
