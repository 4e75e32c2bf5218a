import { MalformedPacket } from './malformed.ts'

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

export const SERVER_KEEP_ALIVE = 0x13

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

/** End of the property block that starts at `at` with its length. */
export function propertiesEnd(bytes: Buffer, at: number, end: number): number {
  const packed = readVariable(bytes, at, end)
  const blockEnd = at + (packed % 8) + Math.floor(packed / 8)
  if (blockEnd > end) throw new MalformedPacket('the properties are longer than their packet')
  return blockEnd
}

/** A two-byte property of the block at `at`, or -1 where it is absent. Checks the block on the way. */
export function findTwoByteProperty(bytes: Buffer, at: number, end: number, wanted: number): number {
  const blockEnd = propertiesEnd(bytes, at, end)
  let found = -1
  let i = at + (readVariable(bytes, at, end) % 8)
  while (i < blockEnd) {
    const id = bytes[i]!
    if (id === wanted && i + 3 <= blockEnd) found = bytes.readUInt16BE(i + 1)
    i = valueEnd(bytes, i + 1, blockEnd, id)
    if (i > blockEnd) throw new MalformedPacket('a property is cut off')
  }
  return found
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
