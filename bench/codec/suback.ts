import type { ProtocolVersion } from '#weir/facts/fleet.ts'
import { MalformedPacket } from './malformed.ts'
import { IN_ACK, ignoreProperty, readProperties } from './properties.ts'

/**
 * Where the codes of a SUBACK (or an MQTT 5 UNSUBACK) begin, one a filter in the order of the request, up to the packet's end: codes
 * from 0x80 are refusals (§3.9.3). Its packet id is read with `readPacketId`, from `start`. Throws MalformedPacket.
 */
export function subackCodesAt(bytes: Buffer, start: number, end: number, protocol: ProtocolVersion): number {
  if (end - start < 3) throw new MalformedPacket('SUBACK')
  const codes =
    protocol === '5' ? readProperties(bytes, start + 2, end, IN_ACK, null, ignoreProperty) : start + 2
  if (codes >= end) throw new MalformedPacket('SUBACK without a reason code')
  return codes
}

/** How many of the codes from `codes` to `end` are refusals. */
export function countRefusals(bytes: Buffer, codes: number, end: number): number {
  let refusals = 0
  for (let i = codes; i < end; i++) if (bytes[i]! >= 0x80) refusals++
  return refusals
}
