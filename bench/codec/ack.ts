import type { ProtocolVersion } from '#weir/facts/index.ts'
import { MalformedPacket } from './malformed.ts'
import { IN_ACK, ignoreProperty, readProperties } from './properties.ts'
import { SUCCESS } from './reason-code.ts'

/**
 * Reason code of a PUBACK, PUBREC, PUBREL or PUBCOMP, 0 where it is left out (MQTT 5 §3.4.2.1); always 0 in MQTT 3.1.1. Its packet id
 * is read with `readPacketId`, from `start`. Throws MalformedPacket.
 */
export function readAckReason(bytes: Buffer, start: number, end: number, protocol: ProtocolVersion): number {
  if (end - start === 2) return SUCCESS
  if (protocol === '3.1.1' || end - start < 2) throw new MalformedPacket('an acknowledgement of wrong length')
  if (end - start > 3 && readProperties(bytes, start + 3, end, IN_ACK, null, ignoreProperty) !== end)
    throw new MalformedPacket('an acknowledgement with bytes behind its properties')
  return bytes[start + 2]!
}
