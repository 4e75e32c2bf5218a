import * as property from './property-id.ts'
import { MalformedPacket, PROTOCOL_ERROR } from './reason-code.ts'

/** How the value of each MQTT 5 property is written (§2.2.2.2); 0 marks an identifier that does not exist. */
const BYTE = 1
const TWO_BYTES = 2
const FOUR_BYTES = 4
const VARIABLE = 5
const STRING = 6
const STRING_PAIR = 7
const WIDTH = new Uint8Array(256)
for (const id of [0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a]) WIDTH[id] = BYTE
for (const id of [0x13, 0x21, 0x22, 0x23]) WIDTH[id] = TWO_BYTES
for (const id of [0x02, 0x11, 0x18, 0x27]) WIDTH[id] = FOUR_BYTES
for (const id of [0x0b]) WIDTH[id] = VARIABLE
for (const id of [0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f]) WIDTH[id] = STRING
for (const id of [0x26]) WIDTH[id] = STRING_PAIR

/** Packets of a server that have properties; together with PLACES, which property belongs where (§2.2.2.2, table 2-4). */
export const IN_CONNACK = 1
export const IN_PUBLISH = 2
/** PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK. */
export const IN_ACK = 4
export const IN_DISCONNECT = 8
const PLACES = new Uint8Array(256)
for (const id of [0x11, 0x12, 0x13, 0x15, 0x16, 0x1a, 0x1c, 0x1f, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x28])
  PLACES[id]! |= IN_CONNACK
for (const id of [0x29, 0x2a]) PLACES[id]! |= IN_CONNACK
for (const id of [0x01, 0x02, 0x03, 0x08, 0x09, 0x0b, 0x23, 0x26]) PLACES[id]! |= IN_PUBLISH
for (const id of [0x1f, 0x26]) PLACES[id]! |= IN_ACK
// A server must not send a Session Expiry Interval in a DISCONNECT (§3.14.2.2.2).
for (const id of [0x1c, 0x1f, 0x26]) PLACES[id]! |= IN_DISCONNECT

/** Gets one property, its value from `at` on. Must not keep `bytes`. */
export type OnProperty<C> = (into: C, id: number, bytes: Buffer, at: number) => void

/**
 * Reads the property block at `at` and returns where it ends. Throws MalformedPacket for truncated, unknown, misplaced or
 * repeated properties (§2.2.2.2). Allocates nothing.
 */
export function readProperties<C>(
  bytes: Buffer,
  at: number,
  end: number,
  place: number,
  into: C,
  onProperty: OnProperty<C>,
): number {
  const packed = readVariable(bytes, at, end)
  let i = at + (packed % 8)
  const blockEnd = i + Math.floor(packed / 8)
  if (blockEnd > end) throw new MalformedPacket('the properties are longer than their packet')
  let seenLow = 0
  let seenHigh = 0
  while (i < blockEnd) {
    const id = bytes[i]!
    if ((PLACES[id]! & place) === 0) throw new MalformedPacket(`property 0x${id.toString(16)}`)
    const valueAt = i + 1
    i = valueEnd(bytes, valueAt, blockEnd, id)
    if (i > blockEnd) throw new MalformedPacket('a property is cut off')
    if (!mayRepeat(id, place)) {
      const bit = 1 << (id & 31)
      if (((id < 32 ? seenLow : seenHigh) & bit) !== 0)
        throw new MalformedPacket(`property 0x${id.toString(16)} twice`, PROTOCOL_ERROR)
      if (id < 32) seenLow |= bit
      else seenHigh |= bit
    }
    onProperty(into, id, bytes, valueAt)
  }
  return blockEnd
}

function mayRepeat(id: number, place: number): boolean {
  return id === property.USER_PROPERTY || (id === property.SUBSCRIPTION_IDENTIFIER && place === IN_PUBLISH)
}

/** For packets whose properties are only checked. */
export const ignoreProperty: OnProperty<null> = () => undefined

/** A variable byte integer and where it ends, packed as `value * 8 + bytes` so that reading one allocates nothing. */
export function readVariable(bytes: Buffer, at: number, end: number): number {
  let value = 0
  for (let i = 0; i < 4; i++) {
    if (at + i >= end) throw new MalformedPacket('a variable byte integer is cut off')
    const byte = bytes[at + i]!
    value += (byte & 0x7f) * 128 ** i
    if (byte < 0x80) return value * 8 + i + 1
  }
  throw new MalformedPacket('a variable byte integer of more than four bytes')
}

function valueEnd(bytes: Buffer, at: number, end: number, id: number): number {
  switch (WIDTH[id]) {
    case BYTE:
    case TWO_BYTES:
    case FOUR_BYTES:
      return at + WIDTH[id]!
    case VARIABLE:
      return at + (readVariable(bytes, at, end) % 8)
    case STRING:
      return stringEnd(bytes, at, end)
    case STRING_PAIR:
      return stringEnd(bytes, stringEnd(bytes, at, end), end)
    default:
      throw new MalformedPacket(`there is no property 0x${id.toString(16)}`)
  }
}

function stringEnd(bytes: Buffer, at: number, end: number): number {
  if (at + 2 > end) throw new MalformedPacket('a string is cut off')
  return at + 2 + bytes.readUInt16BE(at)
}

/** The text of a string property: only after `readProperties` has checked where it ends. */
export function readText(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at + 2, at + 2 + bytes.readUInt16BE(at))
}

/** A number that must not be 0 (receive maximum, maximum packet size, subscription identifier). */
export function notZero(value: number, what: string): number {
  if (value === 0) throw new MalformedPacket(`${what} of 0`, PROTOCOL_ERROR)
  return value
}

/** A byte that is 0 or 1. */
export function zeroOrOne(bytes: Buffer, at: number, what: string): 0 | 1 {
  const value = bytes[at]!
  if (value > 1) throw new MalformedPacket(`${what} of ${value}`, PROTOCOL_ERROR)
  return value as 0 | 1
}
