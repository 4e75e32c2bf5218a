import type { ProtocolVersion, Qos } from '#weir/facts/index.ts'
import { readPacketId } from './fields.ts'
import { IN_PUBLISH, notZero, readProperties, readVariable, zeroOrOne } from './properties.ts'
import { PAYLOAD_FORMAT_INDICATOR, SUBSCRIPTION_IDENTIFIER, TOPIC_ALIAS } from './property-id.ts'
import { MalformedPacket, PROTOCOL_ERROR } from './reason-code.ts'

/** Where the parts of one PUBLISH lie. Reused from packet to packet: copy what must outlive the call. */
export interface PublishView {
  qos: Qos
  retain: boolean
  duplicate: boolean
  /** 0 for QoS 0. */
  packetId: number
  /** Holds the topic: the packet's own bytes, or where a topic alias was written down. */
  topicBytes: Buffer
  topicStart: number
  topicEnd: number
  /** MQTT 5: -1 for none. */
  topicAlias: number
  payloadStart: number
  payloadEnd: number
}

export function makePublishView(): PublishView {
  return {
    qos: 0,
    retain: false,
    duplicate: false,
    packetId: 0,
    topicBytes: Buffer.alloc(0),
    topicStart: 0,
    topicEnd: 0,
    topicAlias: -1,
    payloadStart: 0,
    payloadEnd: 0,
  }
}

/** MQTT 3.1.1 §3.3, MQTT 5 §3.3. Fills `view`; a topic alias is not yet looked up. Throws MalformedPacket. */
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
  view.qos = qos as Qos
  view.retain = (first & 1) === 1
  view.duplicate = (first & 8) === 8
  if (view.duplicate && qos === 0) throw new MalformedPacket('PUBLISH of QoS 0 with DUP')
  view.topicBytes = bytes
  view.topicStart = start + 2
  view.topicEnd = topicEnd
  view.topicAlias = -1
  view.packetId = qos === 0 ? 0 : readPacketId(bytes, topicEnd, end)
  const afterId = qos === 0 ? topicEnd : topicEnd + 2
  view.payloadStart = protocol === '5' ? propertiesEnd(bytes, afterId, end, view) : afterId
  view.payloadEnd = end
  // Without an alias a message must have a topic (MQTT 5 §3.3.2.1, MQTT 3.1.1 §4.7.3).
  if (topicEnd === start + 2 && view.topicAlias < 0)
    throw new MalformedPacket('PUBLISH without a topic', PROTOCOL_ERROR)
}

function propertiesEnd(bytes: Buffer, at: number, end: number, view: PublishView): number {
  // Most messages have none.
  if (at < end && bytes[at] === 0) return at + 1
  return readProperties(bytes, at, end, IN_PUBLISH, view, take)
}

function take(view: PublishView, id: number, bytes: Buffer, at: number): void {
  if (id === TOPIC_ALIAS) view.topicAlias = bytes.readUInt16BE(at)
  else if (id === SUBSCRIPTION_IDENTIFIER)
    notZero(Math.floor(readVariable(bytes, at, bytes.length) / 8), 'a subscription identifier')
  else if (id === PAYLOAD_FORMAT_INDICATOR) zeroOrOne(bytes, at, 'a payload format indicator')
}
