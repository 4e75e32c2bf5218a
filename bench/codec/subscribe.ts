import type { ProtocolVersion } from '#weir/facts/index.ts'
import type { SubscriptionSpec } from '../types.ts'
import { putString, startPacket, stringLength } from './fields.ts'
import { SUBSCRIBE } from './packet-type.ts'
import { IN_ACK, ignoreProperty, readProperties } from './properties.ts'
import { PropertyBlock } from './property-block.ts'
import { SUBSCRIPTION_IDENTIFIER } from './property-id.ts'
import { FIRST_FAILURE, MalformedPacket } from './reason-code.ts'

/**
 * MQTT §3.8. MQTT 5 has one subscription identifier and set of user properties per packet: the first filter's. MQTT 3.1.1
 * has none.
 */
export function writeSubscribe(
  protocol: ProtocolVersion,
  packetId: number,
  filters: readonly SubscriptionSpec[],
): Buffer {
  const v5 = protocol === '5'
  const properties = v5
    ? new PropertyBlock()
        .variable(SUBSCRIPTION_IDENTIFIER, filters[0]?.identifier)
        .users(filters[0]?.userProperties)
        .finish()
    : undefined
  const payload = filters.reduce((sum, { topic }) => sum + stringLength(topic) + 1, 0)
  const packet = startPacket(SUBSCRIBE, 2 + (properties?.length ?? 0) + payload)
  let at = packet.bytes.writeUInt16BE(packetId, packet.at)
  if (properties) at += properties.copy(packet.bytes, at)
  for (const filter of filters) {
    at = putString(packet.bytes, at, filter.topic)
    packet.bytes[at++] = v5 ? options(filter) : filter.qos
  }
  return packet.bytes
}

/** MQTT 5 §3.8.3.1. */
function options({ qos, noLocal, retainAsPublished, retainHandling = 0 }: SubscriptionSpec): number {
  return qos | (noLocal ? 4 : 0) | (retainAsPublished ? 8 : 0) | (retainHandling << 4)
}

/**
 * Where the codes of a SUBACK (or MQTT 5 UNSUBACK) start, one per filter; codes from 0x80 are refusals (§3.9.3). Throws
 * MalformedPacket.
 */
export function subackCodesAt(bytes: Buffer, start: number, end: number, protocol: ProtocolVersion): number {
  if (end - start < 3) throw new MalformedPacket('SUBACK')
  const codes =
    protocol === '5' ? readProperties(bytes, start + 2, end, IN_ACK, null, ignoreProperty) : start + 2
  if (codes >= end) throw new MalformedPacket('SUBACK without a reason code')
  return codes
}

/** The first refusal among the codes from `codes` to `end`; -1 where all are granted. */
export function firstRefusal(bytes: Buffer, codes: number, end: number): number {
  for (let i = codes; i < end; i++) if (bytes[i]! >= FIRST_FAILURE) return bytes[i]!
  return -1
}
