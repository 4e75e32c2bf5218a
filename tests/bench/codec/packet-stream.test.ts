import fc from 'fast-check'
import { generate, type Packet } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MAX_PACKET_BYTES, type Partial, readPackets } from '#weir/bench/codec/packet-stream.ts'
import { MalformedPacket } from '#weir/bench/codec/reason-code.ts'
import { anyServerPacket } from '../support/arbitrary-packets.ts'

/** Feeds pieces one after the other through one reused buffer, as sockets do, and returns the packets that came out. */
function feed(
  pieces: readonly Buffer[],
  stopAfter = Number.POSITIVE_INFINITY,
): { packets: string[]; left: Partial | null } {
  const packets: string[] = []
  const shared = Buffer.alloc(Math.max(1, ...pieces.map((piece) => piece.length)))
  let partial: Partial | null = null
  for (const piece of pieces) {
    shared.fill(0xee)
    piece.copy(shared)
    partial = readPackets(partial, shared, piece.length, packets, (into, first, bytes, start, end) => {
      into.push(`${first.toString(16)}:${bytes.toString('hex', start, end)}`)
      return into.length < stopAfter
    })
  }
  return { packets, left: partial }
}

/** What the packets should read as: by their own bytes, apart from the stream's. */
function expected(packets: readonly Buffer[]): string[] {
  return packets.map((packet) => {
    let at = 1
    while (packet[at]! >= 0x80) at++
    return `${packet[0]!.toString(16)}:${packet.toString('hex', at + 1)}`
  })
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [0, ...[...at].sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, i) => bytes.subarray(places[i]!, end))
}

function packetOf(bodyBytes: number): Buffer {
  return generate({
    cmd: 'publish',
    topic: 't',
    payload: Buffer.alloc(bodyBytes - 3, 7),
    qos: 0,
    dup: false,
    retain: false,
  } as Packet)
}

test('three packets cut at every pair of bytes come out the same', () => {
  const packets = [packetOf(3), packetOf(130), Buffer.from([0xd0, 0])]
  const bytes = Buffer.concat(packets)
  for (let first = 0; first <= bytes.length; first++)
    for (let second = first; second <= bytes.length; second += 3) {
      const { packets: read, left } = feed(cut(bytes, [first, second]))
      assert.equal(read, expected(packets), `cut at ${first} and ${second}`)
      assert.is(left, null)
    }
})

test('one byte at a time', () => {
  const packets = [packetOf(5), Buffer.from([0xd0, 0]), packetOf(20_000)]
  const bytes = Buffer.concat(packets)
  assert.equal(feed(cut(bytes, Array.from(bytes.keys()))).packets, expected(packets))
})

test('any packets of a broker, cut anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(anyServerPacket, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat({ max: 3000 }), { maxLength: 8 }),
      (list, cuts) => {
        const packets = list.map(({ packet, version }) => generate(packet, { protocolVersion: version }))
        const bytes = Buffer.concat(packets)
        const { packets: read, left } = feed(
          cut(
            bytes,
            cuts.map((place) => place % (bytes.length + 1)),
          ),
        )
        assert.equal(read, expected(packets))
        assert.is(left, null)
      },
    ),
    { numRuns: 300 },
  )
})

test('each length of the length field', () => {
  for (const body of [3, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
    const packet = packetOf(body)
    const places = [1, 2, 3, 4, 5, body].filter((place) => place < packet.length)
    assert.equal(feed(cut(packet, places)).packets, expected([packet]), `${body} bytes`)
  }
})

test('reading stops where the reader says so, also behind a packet that came in pieces', () => {
  const bytes = Buffer.concat([packetOf(10), packetOf(10), packetOf(10)])
  assert.is(feed([bytes], 1).packets.length, 1)
  const pieces = feed(cut(bytes, [4]), 1)
  assert.is(pieces.packets.length, 1)
  assert.is(pieces.left, null)
})

test('a length of five bytes, or beyond what a client may be sent, is malformed wherever it is cut', () => {
  const tooMuch = MAX_PACKET_BYTES + 1
  const digits = [0, 1, 2, 3].map((i) => (Math.floor(tooMuch / 128 ** i) % 128) | (i < 3 ? 0x80 : 0))
  for (const bytes of [Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]), Buffer.from([0x30, ...digits, 0])])
    for (let place = 0; place < bytes.length; place++)
      assert.throws(
        () => feed(cut(bytes, [place])),
        (error: unknown) => error instanceof MalformedPacket,
      )
})

test.run()
