import { MalformedPacket } from './reason-code.ts'

/** The data types of MQTT (5 §1.5) as bytes. */

/** Largest value of a variable byte integer, and so the longest body (MQTT 5 §1.5.5). */
export const MOST_VARIABLE = 268_435_455
/** Largest values of two and four byte integers (MQTT 5 §1.5.2–3); that of two also bounds strings (§1.5.4). */
export const TWO_BYTES = 0xffff
export const FOUR_BYTES = 0xffff_ffff

/** How many bytes a variable byte integer takes. */
export function variableLength(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4
}

/** Writes a variable byte integer; returns where it ends. */
export function putVariable(bytes: Buffer, at: number, value: number): number {
  let rest = value
  while (rest > 127) {
    bytes[at++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  bytes[at++] = rest
  return at
}

/** Bytes of a text with its length in front. Callers keep texts within 65,535 bytes. */
export function stringLength(text: string): number {
  return 2 + Buffer.byteLength(text)
}

/** Writes a text with its length in front; returns where it ends. */
export function putString(bytes: Buffer, at: number, text: string): number {
  const written = bytes.write(text, at + 2)
  bytes.writeUInt16BE(written, at)
  return at + 2 + written
}

/** Writes bytes with their length in front; returns where they end. */
export function putBinary(bytes: Buffer, at: number, data: Uint8Array): number {
  bytes.writeUInt16BE(data.length, at)
  bytes.set(data, at + 2)
  return at + 2 + data.length
}

/** A packet with its fixed header written and room for `body` bytes, which begin at `at`. */
export function startPacket(first: number, body: number): { bytes: Buffer; at: number } {
  const bytes = Buffer.allocUnsafe(1 + variableLength(body) + body)
  bytes[0] = first
  return { bytes, at: putVariable(bytes, 1, body) }
}

/** The packet id at `at`: never 0 (MQTT 5 §2.2.1). Throws MalformedPacket. */
export function readPacketId(bytes: Buffer, at: number, end: number): number {
  const id = end - at < 2 ? 0 : (bytes[at]! << 8) | bytes[at + 1]!
  if (id === 0) throw new MalformedPacket('a packet id of 0, or none')
  return id
}
