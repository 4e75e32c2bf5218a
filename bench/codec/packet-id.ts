import { MalformedPacket } from './malformed.ts'

/** The packet id at `at`: never 0 (MQTT 5 §2.2.1). Throws MalformedPacket. */
export function readPacketId(bytes: Buffer, at: number, end: number): number {
  const id = end - at < 2 ? 0 : (bytes[at]! << 8) | bytes[at + 1]!
  if (id === 0) throw new MalformedPacket('a packet id of 0, or none')
  return id
}
