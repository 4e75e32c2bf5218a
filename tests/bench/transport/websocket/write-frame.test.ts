import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { frame } from '#weir/bench/transport/websocket/read-frames.ts'

/** What a server makes of a client's frame (RFC 6455 §5.2), written for this test. */
function decode(bytes: Buffer): { opcode: number; key: string; payload: Buffer } {
  assert.is(bytes[0]! & 0xf0, 0x80, 'whole, and without extensions')
  assert.is(bytes[1]! & 0x80, 0x80, 'masked')
  const short = bytes[1]! & 0x7f
  const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const key = bytes.subarray(headerBytes, headerBytes + 4)
  const payload = Buffer.from(bytes.subarray(headerBytes + 4)).map((byte, i) => byte ^ key[i % 4]!)
  assert.is(payload.length, length)
  return { opcode: bytes[0]! & 0x0f, key: key.toString('hex'), payload: Buffer.from(payload) }
}

test('what is written is what a server reads, and the bytes given stay as they were', () => {
  const lengths = fc.oneof(fc.nat(300), fc.constantFrom(125, 126, 0xffff, 0x10000, 100_000))
  fc.assert(
    fc.property(fc.constantFrom(2, 8, 10), lengths, fc.nat(255), (opcode, length, byte) => {
      const payload = Buffer.alloc(length, byte)
      const read = decode(frame(opcode, payload))
      assert.is(read.opcode, opcode)
      assert.ok(read.payload.equals(Buffer.alloc(length, byte)))
      assert.ok(payload.equals(Buffer.alloc(length, byte)))
    }),
  )
})

test('no two frames in a row have the same mask', () => {
  const keys = Array.from({ length: 5000 }, () => decode(frame(2, Buffer.from('x'))).key)
  assert.ok(new Set(keys).size > 4990, 'thousands of 32-bit keys hardly ever meet')
})

test.run()
