import type { ProtocolVersion } from '../types.ts'
import { MalformedPacket } from './malformed.ts'
import { findTwoByteProperty, propertiesEnd, SERVER_KEEP_ALIVE } from './properties.ts'

/** Bodies of the hot packets. `start` and `end` bound the body; each function throws MalformedPacket. */

export interface Connack {
  sessionPresent: 0 | 1
  code: number
  /** MQTT 5: the keep-alive that the server wants instead of the client's, or -1. */
  serverKeepAliveSeconds: number
}

/** MQTT 3.1.1 §3.2, MQTT 5 §3.2. */
export function readConnack(bytes: Buffer, start: number, end: number, protocol: ProtocolVersion): Connack {
  if (end - start < 2 || (protocol === '3.1.1' && end - start !== 2) || bytes[start]! > 1)
    throw new MalformedPacket('CONNACK')
  // Some servers refuse a version 5 client with a version 3 CONNACK, which has no properties.
  const withProperties = protocol === '5' && end - start > 2
  return {
    sessionPresent: bytes[start] === 1 ? 1 : 0,
    code: bytes[start + 1]!,
    serverKeepAliveSeconds: withProperties
      ? findTwoByteProperty(bytes, start + 2, end, SERVER_KEEP_ALIVE)
      : -1,
  }
}

/** Reason code of a DISCONNECT (MQTT 5 §3.14): 0 when it has no body. */
export function readDisconnectCode(bytes: Buffer, start: number, end: number): number {
  if (end === start) return 0
  if (end - start > 1) propertiesEnd(bytes, start + 1, end)
  return bytes[start]!
}

/** Whether the broker granted all that one SUBSCRIBE asked for: codes from 0x80 are refusals (§3.9.3). */
export function readSubackGranted(
  bytes: Buffer,
  start: number,
  end: number,
  protocol: ProtocolVersion,
): boolean {
  if (end - start < 3) throw new MalformedPacket('SUBACK')
  const codes = protocol === '5' ? propertiesEnd(bytes, start + 2, end) : start + 2
  if (codes >= end) throw new MalformedPacket('SUBACK without a reason code')
  for (let i = codes; i < end; i++) if (bytes[i]! >= 0x80) return false
  return true
}

/** Packet id of a PUBREL, PUBACK and the like: always the first two bytes. */
export function readPacketId(bytes: Buffer, start: number, end: number): number {
  const id = end - start < 2 ? 0 : bytes.readUInt16BE(start)
  if (id === 0) throw new MalformedPacket('a packet id of 0, or none')
  return id
}

/** Where the parts of one PUBLISH lie. Reused from packet to packet: copy what must outlive the call. */
export interface PublishView {
  qos: 0 | 1 | 2
  retain: boolean
  duplicate: boolean
  /** 0 for QoS 0. */
  packetId: number
  topicStart: number
  topicEnd: number
  payloadStart: number
  payloadEnd: number
}

/** MQTT 3.1.1 §3.3, MQTT 5 §3.3. Fills `view`. */
export function readPublish(
  first: number,
  bytes: Buffer,
  start: number,
  end: number,
  protocol: ProtocolVersion,
  view: PublishView,
): void {
  const qos = (first >> 1) & 3
  if (qos === 3) throw new MalformedPacket('PUBLISH of QoS 3')
  if (end - start < 2) throw new MalformedPacket('PUBLISH without a topic')
  const topicEnd = start + 2 + bytes.readUInt16BE(start)
  if (topicEnd > end) throw new MalformedPacket('PUBLISH with a topic that is cut off')
  view.qos = qos as 0 | 1 | 2
  view.retain = (first & 1) === 1
  view.duplicate = (first & 8) === 8
  view.topicStart = start + 2
  view.topicEnd = topicEnd
  view.packetId = qos === 0 ? 0 : readPacketId(bytes, topicEnd, end)
  const afterId = qos === 0 ? topicEnd : topicEnd + 2
  view.payloadStart = protocol === '5' ? propertiesEnd(bytes, afterId, end) : afterId
  view.payloadEnd = end
}
