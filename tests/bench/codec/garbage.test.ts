import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readAckReason } from '#weir/bench/codec/acks.ts'
import { readConnack } from '#weir/bench/codec/connack.ts'
import { readDisconnect } from '#weir/bench/codec/disconnect.ts'
import { readPacketId } from '#weir/bench/codec/fields.ts'
import { type Partial, readPackets } from '#weir/bench/codec/packet-stream.ts'
import { makePublishView, readPublish } from '#weir/bench/codec/publish-view.ts'
import { MalformedPacket } from '#weir/bench/codec/reason-code.ts'
import { subackCodesAt } from '#weir/bench/codec/subscribe.ts'
import { anyServerPacket } from '../support/arbitrary-packets.ts'
import { bodyOf, protocolOf } from '../support/mqtt-packet.ts'

type Protocol = '3.1.1' | '5'

/** Every reader there is, on one body: what they return must lie within it. */
function readAll(first: number, bytes: Buffer, start: number, end: number, protocol: Protocol): void {
  const readers = [
    () => readConnack(bytes, start, end, protocol),
    () => {
      const view = makePublishView()
      readPublish(first, bytes, start, end, protocol, view)
      assert.ok(view.topicStart <= view.topicEnd && view.topicEnd <= end)
      assert.ok(view.topicEnd <= view.payloadStart && view.payloadStart <= end)
      assert.is(view.payloadEnd, end)
    },
    () => assert.ok(subackCodesAt(bytes, start, end, protocol) < end),
    () => readAckReason(bytes, start, end, protocol),
    () => readDisconnect(bytes, start, end),
    () => assert.ok(readPacketId(bytes, start, end) > 0),
  ]
  for (const read of readers)
    try {
      read()
    } catch (error) {
      assert.instance(error, MalformedPacket, `${error}`)
    }
}

test('a body cut short is read or malformed, and never read beyond its end', () => {
  fc.assert(
    fc.property(anyServerPacket, fc.nat(), (server, place) => {
      const { first, bytes, start, end } = bodyOf(server)
      const length = place % (end - start + 1)
      // Behind the cut the bytes end: reading on would be out of range.
      readAll(
        first,
        Buffer.from(bytes.subarray(start, start + length)),
        0,
        length,
        protocolOf(server.version),
      )
    }),
    { numRuns: 1000 },
  )
})

test('random bytes are read or malformed', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.nat({ max: 255 }),
      fc.constantFrom<Protocol>('5', '3.1.1'),
      (random, first, protocol) => readAll(first, Buffer.from(random), 0, random.length, protocol),
    ),
    { numRuns: 3000 },
  )
})

/** A valid packet in which some bytes were changed, some taken away, some put in, or whose length lies. */
const mutated = fc
  .record({
    server: anyServerPacket,
    changes: fc.array(
      fc.record({
        at: fc.nat(),
        what: fc.constantFrom('set', 'flip', 'remove', 'insert', 'length'),
        byte: fc.nat({ max: 255 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ server, changes }) => {
    let bytes = Buffer.from(generate(server.packet, { protocolVersion: server.version }))
    for (const { at, what, byte } of changes) {
      const place = at % (bytes.length + 1)
      if (what === 'set' && place < bytes.length) bytes[place] = byte
      if (what === 'flip' && place < bytes.length) bytes[place]! ^= 1 << (byte % 8)
      if (what === 'length' && bytes.length > 1) bytes[1] = byte
      if (what === 'remove') bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)])
      if (what === 'insert')
        bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place)])
    }
    return { version: server.version, bytes }
  })

test('a stream of mutated packets, in pieces: framed, read or malformed, and the end is reached', () => {
  fc.assert(
    fc.property(
      fc.array(mutated, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 50 }),
      (list, pieceBytes) => {
        const protocol: Protocol = protocolOf(list[0]!.version)
        const bytes = Buffer.concat(list.map((one) => one.bytes))
        let partial: Partial | null = null
        try {
          for (let at = 0; at < bytes.length; at += pieceBytes) {
            const piece = Buffer.from(bytes.subarray(at, at + pieceBytes))
            partial = readPackets(
              partial,
              piece,
              piece.length,
              protocol,
              (version: Protocol, first, from, start, end) => {
                assert.ok(start <= end && end <= from.length)
                readAll(first, from, start, end, version)
                return true
              },
            )
          }
        } catch (error) {
          assert.instance(error, MalformedPacket, `${error}`)
        }
      },
    ),
    { numRuns: 3000 },
  )
})

test.run()
