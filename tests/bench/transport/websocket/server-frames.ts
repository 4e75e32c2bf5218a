import fc from 'fast-check'

/** A frame as a server may send it, and the frame that a hostile one might. */
export interface ServerFrame {
  fin: boolean
  opcode: number
  payload: Buffer
}

/** RFC 6455 §5.2, written for tests and not with the code under test. `lengthBytes` may be longer than need be. */
export function encode(
  { fin, opcode, payload }: ServerFrame,
  lengthBytes: 1 | 3 | 9 = shortest(payload),
): Buffer {
  const header = Buffer.alloc(1 + lengthBytes)
  header[0] = (fin ? 0x80 : 0) | opcode
  if (lengthBytes === 1) header[1] = payload.length
  if (lengthBytes === 3) {
    header[1] = 126
    header.writeUInt16BE(payload.length, 2)
  }
  if (lengthBytes === 9) {
    header[1] = 127
    header.writeBigUInt64BE(BigInt(payload.length), 2)
  }
  return Buffer.concat([header, payload])
}

function shortest({ length }: Buffer): 1 | 3 | 9 {
  return length < 126 ? 1 : length < 0x10000 ? 3 : 9
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))
const payload = fc.oneof(
  { weight: 8, arbitrary: bytes(200) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(125, 126, 127, 0xffff, 0x10000).map((length) => Buffer.alloc(length, 7)),
  },
)
const control = fc.record({
  fin: fc.constant(true),
  opcode: fc.constantFrom(9, 10),
  payload: bytes(125),
})

/** A message in one frame or several, with pings and pongs between them. */
const message = fc
  .array(fc.tuple(payload, fc.array(control, { maxLength: 2 })), { minLength: 1, maxLength: 4 })
  .map((parts) =>
    parts.flatMap(([part, controls], i): ServerFrame[] => [
      { fin: i === parts.length - 1, opcode: i === 0 ? 2 : 0, payload: part },
      ...controls,
    ]),
  )

/** Everything that a server may send before it closes. */
export const serverFrames = fc.array(message, { maxLength: 6 }).map((messages) => messages.flat())
