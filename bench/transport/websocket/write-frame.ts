import { randomFillSync } from 'node:crypto'

const FIN = 0x80
const MASKED = 0x80
const KEY_BYTES = 4
/** Keys must not be guessed (RFC 6455 §5.3), and drawing them one by one costs more than the rest of a frame. */
const keys = Buffer.allocUnsafeSlow(4096)
let nextKey = keys.length

/** One frame with the whole of `payload`, masked as a client must (RFC 6455 §5.1); `payload` stays as it was. */
export function frame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const headerBytes = length < 126 ? 2 : length < 0x10000 ? 4 : 10
  const bytes = Buffer.allocUnsafe(headerBytes + KEY_BYTES + length)
  bytes[0] = FIN | opcode
  if (headerBytes === 2) bytes[1] = MASKED | length
  else if (headerBytes === 4) {
    bytes[1] = MASKED | 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = MASKED | 127
    bytes.writeUInt32BE(Math.floor(length / 2 ** 32), 2)
    bytes.writeUInt32BE(length >>> 0, 6)
  }
  if (nextKey === keys.length) {
    randomFillSync(keys)
    nextKey = 0
  }
  const keyAt = nextKey
  nextKey += KEY_BYTES
  for (let i = 0; i < KEY_BYTES; i++) bytes[headerBytes + i] = keys[keyAt + i]!
  const start = headerBytes + KEY_BYTES
  for (let i = 0; i < length; i++) bytes[start + i] = payload[i]! ^ keys[keyAt + (i & 3)]!
  return bytes
}
