import { MalformedPacket, PACKET_TOO_LARGE } from './reason-code.ts'

/** A packet that has not arrived in full. Most clients never have one, so most clients carry none. */
export interface Partial {
  bytes: Buffer
  have: number
  /** Length of the whole packet; 0 while its header is incomplete. */
  need: number
}

/**
 * Receives one packet: its first byte, and its body in `bytes`, valid during the call only. Returns false when the
 * connection is gone.
 */
export type OnPacket<C> = (context: C, first: number, bytes: Buffer, start: number, end: number) => boolean

/** No broker sends a load generator more than this at once; beyond it a length is garbage. */
export const MAX_PACKET_BYTES = 16 * 1024 * 1024

const HEADER_BYTES = 5
/** What a length is believed at once; a longer packet gets its room as its bytes come, so that a lie costs nothing. */
const FIRST_ROOM = 64 * 1024

/**
 * Cuts the next `length` bytes into packets. Returns the incomplete rest, for the next call. Throws MalformedPacket for an
 * invalid length (MQTT 5 §1.5.5) and a packet of more than `limit` bytes, the client's Maximum Packet Size (§3.1.2.11.4).
 */
export function readPackets<C>(
  partial: Partial | null,
  bytes: Buffer,
  length: number,
  context: C,
  onPacket: OnPacket<C>,
  limit: number = MAX_PACKET_BYTES,
): Partial | null {
  let at = 0
  if (partial) {
    at = fill(partial, bytes, length, limit)
    if (partial.need === 0 || partial.have < partial.need) return partial
    const bodyStart = headerLength(partial.bytes, 0, partial.need)
    if (!onPacket(context, partial.bytes[0]!, partial.bytes, bodyStart, partial.need)) return null
  }
  while (at < length) {
    const header = headerLength(bytes, at, length)
    if (header === 0) return startPartial(bytes, at, length, limit)
    const bodyStart = at + header
    const end = at + packetLength(bytes, at, header, limit)
    if (end > length) return startPartial(bytes, at, length, limit)
    if (!onPacket(context, bytes[at]!, bytes, bodyStart, end)) return null
    at = end
  }
  return null
}

/** Bytes of the fixed header at `at`, or 0 when it has not arrived in full. */
function headerLength(bytes: Buffer, at: number, length: number): number {
  for (let i = at + 1; i < length; i++) {
    if (bytes[i]! < 0x80) return i - at + 1
    if (i - at === HEADER_BYTES - 1) throw new MalformedPacket('a remaining length of more than four bytes')
  }
  return 0
}

function packetLength(bytes: Buffer, at: number, header: number, limit: number): number {
  let value = header
  for (let i = 1; i < header; i++) value += (bytes[at + i]! & 0x7f) * 128 ** (i - 1)
  if (value > limit) throw new MalformedPacket(`a packet of ${value} bytes`, PACKET_TOO_LARGE)
  return value
}

function startPartial(bytes: Buffer, at: number, length: number, limit: number): Partial {
  const partial: Partial = { bytes: Buffer.allocUnsafe(HEADER_BYTES), have: 0, need: 0 }
  fill(partial, bytes.subarray(at, length), length - at, limit)
  return partial
}

/** Takes from `bytes` what the partial packet still lacks; returns how many bytes that was. */
function fill(partial: Partial, bytes: Buffer, length: number, limit: number): number {
  let at = 0
  while (partial.need === 0 && at < length) {
    partial.bytes[partial.have++] = bytes[at++]!
    const header = headerLength(partial.bytes, 0, partial.have)
    if (header > 0) partial.need = packetLength(partial.bytes, 0, header, limit)
  }
  const rest = Math.min(partial.need - partial.have, length - at)
  if (rest <= 0) return at
  makeRoom(partial, partial.have + rest)
  bytes.copy(partial.bytes, partial.have, at, at + rest)
  partial.have += rest
  return at + rest
}

function makeRoom(partial: Partial, wanted: number): void {
  if (wanted <= partial.bytes.length) return
  const room = Math.min(partial.need, Math.max(wanted, FIRST_ROOM, 2 * partial.bytes.length))
  const larger = Buffer.allocUnsafe(room)
  partial.bytes.copy(larger, 0, 0, partial.have)
  partial.bytes = larger
}
