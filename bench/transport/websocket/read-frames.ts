import { randomFillSync } from 'node:crypto'
import { WebSocketBroken } from './errors.ts'

/** Kinds of frames (RFC 6455 §5.2). */
const CONTINUATION = 0
export const BINARY = 2
export const CLOSE = 8
const PING = 9
export const PONG = 10

/** RFC 6455 §5.5. */
const MOST_CONTROL_BYTES = 125

/** What a server's frames hold. */
export interface FrameListener<C> {
  /** Part of the stream of bytes: it lies in `bytes` from `start` to `end`, valid during the call only. */
  onPayload(context: C, bytes: Buffer, start: number, end: number): void
  /** A ping or a close. */
  onControl(context: C, opcode: number, payload: Buffer): void
  /** Whether anybody wants to hear more of this connection. */
  isOpen(context: C): boolean
}

/** Where a connection stands in its stream of frames. Between frames, which is nearly always, all of it is 0 and null. */
export interface FrameState {
  /** Bytes of the data frame's payload that are still to come. */
  left: number
  /** A message is under way: its frames but the first are continuations. */
  inMessage: boolean
  /** An incomplete header or control frame. */
  held: Buffer | null
}

/** Reads the next `length` bytes of a server's stream, wherever they are split. Throws WebSocketBroken for what no server may send. */
export function readFrames<C extends FrameState>(
  context: C,
  bytes: Buffer,
  length: number,
  listener: FrameListener<C>,
): void {
  let at = 0
  while (at < length && listener.isOpen(context)) {
    if (context.left > 0) at = readPayload(context, bytes, at, length, listener)
    else if (context.held) readHeld(context, bytes[at++]!, listener)
    else at = readHeader(context, bytes, at, length, listener)
  }
}

function readPayload<C extends FrameState>(
  context: C,
  bytes: Buffer,
  at: number,
  length: number,
  listener: FrameListener<C>,
): number {
  const end = Math.min(length, at + context.left)
  context.left -= end - at
  listener.onPayload(context, bytes, at, end)
  return end
}

/** Adds to what is held one byte at a time until it is a header, or a whole control frame. Rare, and 131 bytes at most. */
function readHeld<C extends FrameState>(context: C, byte: number, listener: FrameListener<C>): void {
  const bytes = Buffer.from([...context.held!, byte])
  context.held = null
  readHeader(context, bytes, 0, bytes.length, listener)
}

/** Reads one header, and the whole of a control frame. Keeps what is incomplete. */
function readHeader<C extends FrameState>(
  context: C,
  bytes: Buffer,
  at: number,
  length: number,
  listener: FrameListener<C>,
): number {
  const needed = neededBytes(bytes, at, length)
  if (at + needed > length) {
    context.held = Buffer.from(bytes.subarray(at, length))
    return length
  }
  const first = bytes[at]!
  const opcode = first & 0x0f
  const headerEnd = at + headerBytes(bytes[at + 1]!)
  if (opcode >= CLOSE) {
    if (opcode !== PONG) listener.onControl(context, opcode, bytes.subarray(headerEnd, at + needed))
    return at + needed
  }
  if ((opcode === CONTINUATION) !== context.inMessage)
    throw new WebSocketBroken('a message that begins twice or not at all')
  context.inMessage = (first & 0x80) === 0
  context.left = payloadLength(bytes, at)
  return headerEnd
}

/** Bytes that must be there before this frame can be understood: its header, and a control frame's payload. */
function neededBytes(bytes: Buffer, at: number, length: number): number {
  const first = bytes[at]!
  const opcode = first & 0x0f
  if ((first & 0x70) !== 0) throw new WebSocketBroken('a frame of an extension that nobody offered')
  // MQTT 5 §6: binary frames only.
  if (opcode !== BINARY && opcode !== CONTINUATION && opcode !== CLOSE && opcode !== PING && opcode !== PONG)
    throw new WebSocketBroken(opcode === 1 ? 'a text frame' : `a frame of the unknown kind ${opcode}`)
  if (at + 1 >= length) return 2
  const second = bytes[at + 1]!
  if (second >= 0x80) throw new WebSocketBroken('a masked frame from a server')
  if (opcode < CLOSE) return headerBytes(second)
  if ((first & 0x80) === 0 || second > MOST_CONTROL_BYTES)
    throw new WebSocketBroken('a control frame that is split or too long')
  return 2 + second
}

function headerBytes(second: number): number {
  return second < 126 ? 2 : second === 126 ? 4 : 10
}

function payloadLength(bytes: Buffer, at: number): number {
  const short = bytes[at + 1]!
  if (short < 126) return short
  if (short === 126) return bytes.readUInt16BE(at + 2)
  const length = bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6)
  if (length > Number.MAX_SAFE_INTEGER) throw new WebSocketBroken('a frame without end')
  return length
}

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
