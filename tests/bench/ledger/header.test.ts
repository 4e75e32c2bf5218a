import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HEADER_BYTES, makeHeader, readHeader, writeHeader } from '#weir/bench/ledger/header.ts'

const NOW = 1_795_000_000_123_456

test('what is written is read', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.nat(0xff_ffff),
      fc.nat(0xffff_ffff),
      fc.integer({ min: 1, max: 0xffff_ffff }),
      fc.integer({ min: NOW - 1_000_000, max: NOW + 1_000_000 }),
      fc.nat(10),
      (will, tag, publisher, sequence, plannedMicros, at) => {
        const bytes = Buffer.alloc(at + HEADER_BYTES + 3)
        const header = { will, tag, publisher, sequence, plannedMicros }
        writeHeader(bytes, at, header)
        const read = makeHeader()
        assert.ok(readHeader(bytes, at, bytes.length, NOW, read))
        assert.equal(read, header)
      },
    ),
  )
})

test('text, short payloads and headers of another time are none', () => {
  const header = makeHeader()
  const text = Buffer.from('Hello From MQTTX CLI, and more of it')
  assert.not(readHeader(text, 0, text.length, NOW, header))
  const bytes = Buffer.alloc(HEADER_BYTES)
  writeHeader(bytes, 0, { ...header, sequence: 1, plannedMicros: NOW })
  assert.not(readHeader(bytes, 0, HEADER_BYTES - 1, NOW, header))
  assert.not(readHeader(bytes, 0, HEADER_BYTES, NOW + 2 * 86_400e6, header))
  assert.ok(readHeader(bytes, 0, HEADER_BYTES, NOW, header))
})

test('random bytes are no header', () => {
  const header = makeHeader()
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 20, maxLength: 20 }),
      fc.constantFrom(0xf5, 0xf6),
      (random, first) => {
        const bytes = Buffer.from(random)
        bytes[0] = first
        assert.not(readHeader(bytes, 0, bytes.length, NOW, header))
      },
    ),
  )
})

test.run()
