import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cutFrames } from '#weir/testbed/emqx/mqtt/decode.ts'

/** A control packet of a type and a body, with its remaining length as a variable byte integer. */
function frame(type: number, body: Uint8Array): Buffer {
  const length: number[] = []
  let left = body.length
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
    left >>= 7
  } while (left > 0)
  return Buffer.concat([Buffer.from([type << 4, ...length]), body])
}

const frames = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 15 }), fc.uint8Array({ maxLength: 400 }))
    .map(([type, body]) => frame(type, body)),
  { maxLength: 8 },
)

test('however the bytes are cut, the same packets come out', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.nat(600)), (sent, cuts) => {
      const bytes = Buffer.concat(sent)
      const got: string[] = []
      let rest: Buffer | undefined
      let at = 0
      for (const length of [...cuts, bytes.length]) {
        const chunk = bytes.subarray(at, at + length)
        at += chunk.length
        const whole = rest === undefined ? chunk : Buffer.concat([rest, chunk])
        const cut = cutFrames(whole, (one) => {
          got.push(one.toString('hex'))
          return true
        })
        assert.is(cut.error, undefined)
        rest = cut.rest
      }
      assert.equal(
        got,
        sent.map((one) => one.toString('hex')),
      )
      assert.is(rest, undefined)
    }),
  )
})

test('a length of five bytes is malformed, one over a mebibyte too large', () => {
  assert.is(cutFrames(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]), () => true).error, 'malformed')
  assert.is(cutFrames(Buffer.from([0x30, 0x81, 0x80, 0x40, 0]), () => true).error, 'too-large')
})

test('stops where it is told to', () => {
  const seen: number[] = []
  const bytes = Buffer.concat([frame(1, Buffer.from('a')), frame(2, Buffer.from('b'))])
  const { rest } = cutFrames(bytes, (one) => {
    seen.push(one[0]!)
    return false
  })
  assert.equal(seen, [0x10])
  assert.is(rest, undefined)
})

test.run()
