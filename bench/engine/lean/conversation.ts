import { readAckReason } from '../../codec/ack.ts'
import { AckBuffer } from '../../codec/acks.ts'
import { type Connack, readConnack } from '../../codec/connack.ts'
import { type Disconnect, readDisconnect } from '../../codec/disconnect.ts'
import { MalformedPacket } from '../../codec/malformed.ts'
import { readPacketId } from '../../codec/packet-id.ts'
import * as type from '../../codec/packet-type.ts'
import { makePublishView, type PublishView, readPublish } from '../../codec/publish-view.ts'
import {
  FIRST_FAILURE,
  PACKET_ID_NOT_FOUND,
  PROTOCOL_ERROR,
  RECEIVE_MAXIMUM_EXCEEDED,
} from '../../codec/reason-code.ts'
import { firstRefusal, subackCodesAt } from '../../codec/suback.ts'
import type { Client } from './client.ts'
import { makeInbox, resolveAlias } from './inbox.ts'

/** What the broker may tell a client that changes where the client stands. */
export interface Listener {
  onConnack(client: Client, connack: Connack): void
  /** The broker's answer to one SUBSCRIBE: how many filters it names, and the first code that refuses one; -1 where it grants all. */
  onSuback(client: Client, packetId: number, filters: number, refusal: number): void
  onPingresp(client: Client): void
  onDisconnect(client: Client, disconnect: Disconnect): void
  /**
   * A message, its topic alias resolved; it is acknowledged already. `view` and `bytes` are valid during the call only. `repeated`: a
   * QoS 2 message sent again before its PUBREL, of which the application must not hear a second time (MQTT 5 §4.3.3).
   */
  onMessage(client: Client, view: PublishView, bytes: Buffer, repeated: boolean): void
  /**
   * PUBACK, PUBREC or PUBCOMP of a message of this client's; `reason` from 0x80 is a refusal, which ends the exchange. Returns whether
   * a message of that packet id was in flight. The PUBREL that a PUBREC wants is sent by the conversation.
   */
  onAck(client: Client, ack: AckKind, packetId: number, reason: number): boolean
}

export type AckKind = typeof type.PUBACK | typeof type.PUBREC | typeof type.PUBCOMP

/**
 * The client's half of the MQTT conversation: reads one packet and answers what wants an answer. Throws MalformedPacket
 * for what a broker must not send.
 */
export class Conversation {
  readonly acks = new AckBuffer()
  readonly #listener: Listener
  readonly #publish = makePublishView()
  /** QoS 1 messages of this read: their PUBACKs are not sent before its end. */
  #unsentPubacks = 0

  constructor(listener: Listener) {
    this.#listener = listener
  }

  /**
   * To be called before the packets of one read: acknowledgements gather until its end. Throws MalformedPacket for a first byte that
   * begins no CONNACK: a greeting of another protocol may claim to be longer than it is, and would be waited for in vain.
   */
  begin(client: Client, bytes: Buffer): void {
    this.#unsentPubacks = 0
    if (client.state === 'asking' && client.partial === null) expectConnack(bytes[0]!)
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
        if (client.state !== 'asking') throw new MalformedPacket('a second CONNACK', PROTOCOL_ERROR)
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
        if (protocol === '3.1.1') throw new MalformedPacket('DISCONNECT from an MQTT 3.1.1 server')
        this.#listener.onDisconnect(client, readDisconnect(bytes, start, end))
        break
      case type.UNSUBACK:
        // Answers what these clients never send, and does no harm; but it must be one (MQTT 3.1.1's has no codes).
        readPacketId(bytes, start, end)
        if (protocol === '5') subackCodesAt(bytes, start, end, protocol)
        break
      default:
        throw new MalformedPacket(
          `packet type 0x${first.toString(16)} from a server`,
          first === type.AUTH ? PROTOCOL_ERROR : undefined,
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

  /** What was not acknowledged by any packet that the server can have had is in flight for certain (MQTT 5 §4.9). */
  #checkReceiveMaximum({ inbox }: Client, most: number): void {
    const inFlight = this.#unsentPubacks + (inbox?.unreleased.size ?? 0)
    if (inFlight > most)
      throw new MalformedPacket(`${inFlight} messages in flight of at most ${most}`, RECEIVE_MAXIMUM_EXCEEDED)
  }

  /** A release of what nobody remembers is answered all the same: the server goes on asking until it is. */
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

/** MQTT 5 §3.2: the first packet from the server is a CONNACK, except that AUTH comes before it to those who ask. */
function expectConnack(first: number): void {
  if (first !== type.CONNACK) throw new MalformedPacket('no CONNACK first', PROTOCOL_ERROR)
}
