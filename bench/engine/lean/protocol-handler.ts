import type { ProtocolBreach } from '#weir/facts/index.ts'
import { AckBuffer, readAckReason } from '../../codec/acks.ts'
import { type Connack, readConnack } from '../../codec/connack.ts'
import { type Disconnect, readDisconnect } from '../../codec/disconnect.ts'
import { readPacketId } from '../../codec/fields.ts'
import * as type from '../../codec/packet-type.ts'
import { makePublishView, type PublishView, readPublish } from '../../codec/publish-view.ts'
import {
  FIRST_FAILURE,
  MALFORMED_PACKET,
  MalformedPacket,
  PACKET_ID_NOT_FOUND,
  PROTOCOL_ERROR,
  RECEIVE_MAXIMUM_EXCEEDED,
} from '../../codec/reason-code.ts'
import { firstRefusal, subackCodesAt } from '../../codec/subscribe.ts'
import type { Client } from './client.ts'
import { makeInbox, resolveAlias } from './inbox.ts'

/** Receives the packets that concern more than the protocol. */
export interface PacketListener {
  onConnack(client: Client, connack: Connack): void
  /** The answer to one SUBSCRIBE: for how many filters, and the first code that refuses one (-1: all are granted). */
  onSuback(client: Client, packetId: number, filters: number, refusal: number): void
  onPingresp(client: Client): void
  onDisconnect(client: Client, disconnect: Disconnect): void
  /**
   * A message with its topic alias resolved, acknowledged already. `view` and `bytes` are valid during the call only.
   * `repeated`: a QoS 2 message sent again before its PUBREL, not delivered to the application again (MQTT 5 §4.3.3).
   */
  onMessage(client: Client, view: PublishView, bytes: Buffer, repeated: boolean): void
  /**
   * PUBACK, PUBREC or PUBCOMP; a `reason` from 0x80 ends the exchange. Returns whether a message of that id was in flight.
   * The handler itself answers PUBREC with PUBREL.
   */
  onAck(client: Client, ack: AckKind, packetId: number, reason: number): boolean
  /** An UNSUBACK: these clients never send UNSUBSCRIBE. */
  onUnsuback(client: Client): void
}

export type AckKind = typeof type.PUBACK | typeof type.PUBREC | typeof type.PUBCOMP

/** What only a client sends (MQTT 5 §2.1.2). */
const OF_CLIENTS: readonly number[] = [type.CONNECT, type.SUBSCRIBE, type.UNSUBSCRIBE, type.PINGREQ]
/** What a server may send later: anything else is hardly MQTT. */
const LATER: readonly number[] = [
  ...[type.PUBACK, type.PUBREC, type.PUBREL, type.PUBCOMP, type.SUBACK, type.UNSUBACK, type.PINGRESP],
  type.AUTH,
]

/** The client's half of MQTT: reads packets and answers those that need one. Throws MalformedPacket for what a broker must not send. */
export class ProtocolHandler {
  readonly acks = new AckBuffer()
  readonly #listener: PacketListener
  readonly #publish = makePublishView()
  /** QoS 1 messages of this read: their PUBACKs are not sent before its end. */
  #unsentPubacks = 0

  constructor(listener: PacketListener) {
    this.#listener = listener
  }

  /**
   * Call before the packets of one read: acknowledgements gather until its end. Throws MalformedPacket for a first byte
   * that is no CONNACK: another protocol may look like a packet that never ends.
   */
  begin(client: Client, bytes: Buffer): void {
    this.#unsentPubacks = 0
    if (client.state === 'accepting' && client.partial === null) expectConnack(bytes[0]!)
  }

  /** An `OnPacket`: returns false once the connection is over. */
  readonly onPacket = (client: Client, first: number, bytes: Buffer, start: number, end: number): boolean => {
    if ((first & 0xf0) === type.PUBLISH) this.#onPublish(client, first, bytes, start, end)
    else this.#onOther(client, first, bytes, start, end)
    return client.socket !== null
  }

  #onOther(client: Client, first: number, bytes: Buffer, start: number, end: number): void {
    const { protocol } = client.group
    switch (first) {
      case type.PUBACK:
      case type.PUBREC:
      case type.PUBCOMP:
        this.#onAck(
          client,
          first,
          readPacketId(bytes, start, end),
          readAckReason(bytes, start, end, protocol),
        )
        break
      case type.PINGRESP:
        if (end !== start) throw new MalformedPacket('PINGRESP with a body')
        this.#listener.onPingresp(client)
        break
      case type.PUBREL:
        this.#onPubrel(client, bytes, start, end)
        break
      case type.CONNACK:
        if (client.state !== 'accepting')
          throw new MalformedPacket('a second CONNACK', PROTOCOL_ERROR, 'second-connack')
        this.#listener.onConnack(client, readConnack(bytes, start, end, protocol))
        break
      case type.SUBACK: {
        const packetId = readPacketId(bytes, start, end)
        const codes = subackCodesAt(bytes, start, end, protocol)
        this.#listener.onSuback(client, packetId, end - codes, firstRefusal(bytes, codes, end))
        break
      }
      case type.DISCONNECT:
        // In MQTT 3.1.1 only a client sends it (§3.14).
        if (protocol === '3.1.1')
          throw new MalformedPacket(
            'DISCONNECT from an MQTT 3.1.1 server',
            MALFORMED_PACKET,
            'disconnect-in-3.1.1',
          )
        this.#listener.onDisconnect(client, readDisconnect(bytes, start, end))
        break
      case type.UNSUBACK:
        // MQTT 3.1.1 has no codes here.
        readPacketId(bytes, start, end)
        if (protocol === '5') subackCodesAt(bytes, start, end, protocol)
        this.#listener.onUnsuback(client)
        break
      default:
        throw new MalformedPacket(
          `packet type 0x${first.toString(16)} from a server`,
          first === type.AUTH ? PROTOCOL_ERROR : undefined,
          first === type.AUTH
            ? 'auth-not-requested'
            : OF_CLIENTS.includes(first)
              ? 'packet-of-a-client'
              : undefined,
        )
    }
  }

  #onPublish(client: Client, first: number, bytes: Buffer, start: number, end: number): void {
    const view = this.#publish
    const { protocol, connect } = client.group
    readPublish(first, bytes, start, end, protocol, view)
    if (view.topicAlias >= 0) {
      client.inbox ??= makeInbox()
      resolveAlias(client.inbox, view, connect?.topicAliasMaximum ?? 0)
    }
    const { qos, packetId } = view
    let repeated = false
    if (qos === 1) {
      this.#unsentPubacks++
      this.acks.add(type.PUBACK, packetId)
    } else if (qos === 2) {
      client.inbox ??= makeInbox()
      repeated = client.inbox.unreleased.has(packetId)
      if (!repeated) client.inbox.unreleased.add(packetId)
      this.acks.add(type.PUBREC, packetId)
    }
    if (qos > 0 && connect?.receiveMaximum !== undefined && protocol === '5')
      this.#checkReceiveMaximum(client, connect.receiveMaximum)
    this.#listener.onMessage(client, view, bytes, repeated)
  }

  /** Messages whose acknowledgement the server cannot have received are certainly in flight (MQTT 5 §4.9). */
  #checkReceiveMaximum({ inbox }: Client, most: number): void {
    const inFlight = this.#unsentPubacks + (inbox?.unreleased.size ?? 0)
    if (inFlight > most)
      throw new MalformedPacket(`${inFlight} messages in flight of at most ${most}`, RECEIVE_MAXIMUM_EXCEEDED)
  }

  /** A PUBREL of an unknown id is answered too: the server repeats it until it is. */
  #onPubrel(client: Client, bytes: Buffer, start: number, end: number): void {
    const { protocol } = client.group
    const packetId = readPacketId(bytes, start, end)
    readAckReason(bytes, start, end, protocol)
    const known = client.inbox?.unreleased.delete(packetId) ?? false
    this.acks.add(type.PUBCOMP, packetId, known || protocol === '3.1.1' ? 0 : PACKET_ID_NOT_FOUND)
  }

  #onAck(client: Client, ack: AckKind, packetId: number, reason: number): void {
    const known = this.#listener.onAck(client, ack, packetId, reason)
    if (ack !== type.PUBREC || reason >= FIRST_FAILURE) return
    this.acks.add(type.PUBREL, packetId, known || client.group.protocol === '3.1.1' ? 0 : PACKET_ID_NOT_FOUND)
  }
}

/** MQTT 5 §3.2: the first packet from the server is CONNACK, or AUTH for clients that request it. */
function expectConnack(first: number): void {
  if (first !== type.CONNACK)
    throw new MalformedPacket('no CONNACK first', PROTOCOL_ERROR, breachOfFirst(first))
}

/** Before a CONNACK nothing has shown yet that the other side speaks MQTT: only a packet's whole first byte tells. */
function breachOfFirst(first: number): ProtocolBreach | undefined {
  return LATER.includes(first) || (first & 0xf0) === type.PUBLISH ? 'no-connack-first' : undefined
}
