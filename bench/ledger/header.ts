/**
 * The ledger header: 20 bytes, big-endian, at the start of a payload. Byte 0: data or will (no UTF-8 text starts with
 * either); 1–3: tag of the fleet; 4–7: publisher (index in the fleet); 8–11: sequence number (of a will: connection
 * attempt); 12–19: planned instant in Unix microseconds.
 */
export const HEADER_BYTES = 20

const DATA = 0xf5
const WILL = 0xf6
/** Numbers that a publisher has: 32 bits, from 1. */
export const MOST_SEQUENCE = 0xffff_ffff
const TAG_BITS = 0xff_ffff
/** A header of another day is rejected: random bytes look like a header once in 128 times. */
const PLAUSIBLE_MICROS = 86_400e6

/** One header, read or to be written. Reused from message to message. */
export interface Header {
  will: boolean
  /** 24 bits. */
  tag: number
  publisher: number
  /** From 1. */
  sequence: number
  /** Unix microseconds. */
  plannedMicros: number
}

export function makeHeader(tag = 0): Header {
  return { will: false, tag: tag & TAG_BITS, publisher: 0, sequence: 0, plannedMicros: 0 }
}

export function writeHeader(bytes: Buffer, at: number, header: Header): void {
  bytes[at] = header.will ? WILL : DATA
  bytes.writeUIntBE(header.tag, at + 1, 3)
  bytes.writeUInt32BE(header.publisher, at + 4)
  bytes.writeUInt32BE(header.sequence, at + 8)
  bytes.writeUInt32BE(Math.floor(header.plannedMicros / 2 ** 32), at + 12)
  bytes.writeUInt32BE(header.plannedMicros % 2 ** 32, at + 16)
}

/** Fills `header` from a payload; false for one that has no header, or not of about `nowMicros`. */
export function readHeader(
  bytes: Buffer,
  start: number,
  end: number,
  nowMicros: number,
  header: Header,
): boolean {
  if (end - start < HEADER_BYTES) return false
  const kind = bytes[start]
  if (kind !== DATA && kind !== WILL) return false
  header.will = kind === WILL
  header.tag = bytes.readUIntBE(start + 1, 3)
  header.publisher = bytes.readUInt32BE(start + 4)
  header.sequence = bytes.readUInt32BE(start + 8)
  header.plannedMicros = bytes.readUInt32BE(start + 12) * 2 ** 32 + bytes.readUInt32BE(start + 16)
  return header.sequence > 0 && Math.abs(header.plannedMicros - nowMicros) < PLAUSIBLE_MICROS
}
