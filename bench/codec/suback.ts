import type { ProtocolVersion } from '#weir/facts/index.ts'
import { MalformedPacket } from './malformed.ts'
import { IN_ACK, ignoreProperty, readProperties } from './properties.ts'
import { FIRST_FAILURE } from './reason-code.ts'

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
