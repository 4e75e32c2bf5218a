import fc from 'fast-check'
import {
  generate,
  type IConnackPacket,
  type IDisconnectPacket,
  type IPublishPacket,
  type ISubackPacket,
} from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MalformedPacket } from '#weir/bench/codec/malformed.ts'
import { readPackets } from '#weir/bench/codec/packet-stream.ts'
import {
  type PublishView,
  readConnack,
  readDisconnectCode,
  readPacketId,
  readPublish,
  readSubackGranted,
} from '#weir/bench/codec/read.ts'
import { type ServerPacket, serverPackets } from '../support/arbitrary-packets.ts'

/** The body of what mqtt-packet writes, in a buffer with foreign bytes around it. */
function body({ packet, version }: ServerPacket): {
  first: number
  bytes: Buffer
  start: number
  end: number
} {
  const written = Buffer.concat([
    Buffer.from([0xff, 0xff]),
    generate(packet, { protocolVersion: version }),
    Buffer.from([0xff]),
  ])
  let found: { first: number; bytes: Buffer; start: number; end: number } | undefined
  const framed = written.subarray(2, written.length - 1)
  readPackets(null, framed, framed.length, null, (_, first, __, start, end) => {
    found = { first, bytes: written, start: start + 2, end: end + 2 }
    return true
  })
  return found!
}

const protocol = (version: 4 | 5) => (version === 5 ? '5' : '3.1.1')

test('CONNACK: session present, code and server keep-alive, whatever else it says', () => {
  fc.assert(
    fc.property(serverPackets.connack, (server) => {
      const { bytes, start, end } = body(server)
      const packet = server.packet as IConnackPacket
      assert.equal(readConnack(bytes, start, end, protocol(server.version)), {
        sessionPresent: packet.sessionPresent ? 1 : 0,
        code: server.version === 5 ? packet.reasonCode : packet.returnCode,
        serverKeepAliveSeconds: packet.properties?.serverKeepAlive ?? -1,
      })
    }),
  )
})

test('the CONNACKs that real EMQX 5.8.9 sends', () => {
  const read = (hex: string, version: '5' | '3.1.1') => {
    const bytes = Buffer.from(hex, 'hex')
    return readConnack(bytes, 2, bytes.length, version)
  }
  // Written down from the wire: contract/recorded/emqx-5.8.9/raw-mqtt-bytes.txt.
  assert.equal(read('2016010013270010000021002025012a01290122ffff2801', '5'), {
    sessionPresent: 1,
    code: 0,
    serverKeepAliveSeconds: -1,
  })
  assert.is(read('2003009c00', '5').code, 0x9c)
  assert.is(read('2014009c111c000e3132372e302e302e323a31383833', '5').code, 0x9c)
  assert.equal(read('20020100', '3.1.1'), { sessionPresent: 1, code: 0, serverKeepAliveSeconds: -1 })
  assert.is(read('20020003', '3.1.1').code, 3)
})

test('a version 3 CONNACK to a version 5 client is understood', () => {
  assert.is(readConnack(Buffer.from([0, 1]), 0, 2, '5').code, 1)
})

test('PUBLISH: quality, flags, packet id, topic and payload', () => {
  const view = {} as PublishView
  fc.assert(
    fc.property(serverPackets.publish, (server) => {
      const { first, bytes, start, end } = body(server)
      const packet = server.packet as IPublishPacket
      readPublish(first, bytes, start, end, protocol(server.version), view)
      assert.equal(
        [view.qos, view.retain, view.duplicate, view.packetId],
        [packet.qos, packet.retain, packet.dup, packet.messageId ?? 0],
      )
      assert.is(bytes.toString('utf8', view.topicStart, view.topicEnd), packet.topic)
      assert.equal(bytes.subarray(view.payloadStart, view.payloadEnd), packet.payload)
    }),
  )
})

test('SUBACK: granted when every code is', () => {
  fc.assert(
    fc.property(serverPackets.suback, (server) => {
      const { bytes, start, end } = body(server)
      const granted = (server.packet as ISubackPacket).granted as number[]
      assert.is(
        readSubackGranted(bytes, start, end, protocol(server.version)),
        granted.every((code) => code < 0x80),
      )
      assert.is(readPacketId(bytes, start, end), (server.packet as ISubackPacket).messageId)
    }),
  )
})

test('DISCONNECT: its code, and 0 without a body', () => {
  fc.assert(
    fc.property(serverPackets.disconnect, (server) => {
      const { bytes, start, end } = body(server)
      assert.is(readDisconnectCode(bytes, start, end), (server.packet as IDisconnectPacket).reasonCode)
    }),
  )
  assert.is(readDisconnectCode(Buffer.alloc(4), 2, 2), 0)
  // EMQX's own, with a server reference and without: reason 0x9c.
  assert.is(readDisconnectCode(Buffer.from('e0139c111c000e3132372e302e302e323a31383833', 'hex'), 2, 21), 0x9c)
  assert.is(readDisconnectCode(Buffer.from('e0029c00', 'hex'), 2, 4), 0x9c)
})

test('a body cut short is malformed or shorter, and never read beyond its end', () => {
  const readers: Record<
    string,
    (first: number, bytes: Buffer, end: number, version: '5' | '3.1.1') => unknown
  > = {
    connack: (_, bytes, end, version) => readConnack(bytes, 0, end, version),
    publish: (first, bytes, end, version) => {
      const view = {} as PublishView
      readPublish(first, bytes, 0, end, version, view)
      assert.ok(view.payloadStart <= end && view.topicEnd <= end)
    },
    suback: (_, bytes, end, version) => readSubackGranted(bytes, 0, end, version),
    disconnect: (_, bytes, end) => readDisconnectCode(bytes, 0, end),
  }
  for (const [name, read] of Object.entries(readers))
    fc.assert(
      fc.property(serverPackets[name as keyof typeof serverPackets], fc.nat(), (server, place) => {
        const { first, bytes, start, end } = body(server)
        const cutEnd = place % (end - start + 1)
        const cut = Buffer.concat([bytes.subarray(start, start + cutEnd), Buffer.alloc(8, 0xff)])
        try {
          read(first, cut, cutEnd, protocol(server.version))
        } catch (error) {
          assert.instance(error, MalformedPacket, `${name} cut to ${cutEnd} bytes: ${error}`)
        }
      }),
    )
})

test('random bytes are read or malformed, and never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 255 }), (random, first) => {
      const bytes = Buffer.from(random)
      for (const version of ['5', '3.1.1'] as const)
        for (const read of [
          () => readConnack(bytes, 0, bytes.length, version),
          () => readPublish(first, bytes, 0, bytes.length, version, {} as PublishView),
          () => readSubackGranted(bytes, 0, bytes.length, version),
          () => readDisconnectCode(bytes, 0, bytes.length),
          () => readPacketId(bytes, 0, bytes.length),
        ])
          try {
            read()
          } catch (error) {
            assert.instance(error, MalformedPacket)
          }
    }),
    { numRuns: 500 },
  )
})

test('what a broker must not send is malformed', () => {
  const malformed = (read: () => unknown) =>
    assert.throws(read, (error: unknown) => error instanceof MalformedPacket)
  malformed(() => readConnack(Buffer.from([2, 0]), 0, 2, '3.1.1'))
  malformed(() => readConnack(Buffer.from([0, 0, 0]), 0, 3, '3.1.1'))
  // Property 0x7e does not exist.
  malformed(() => readConnack(Buffer.from([0, 0, 2, 0x7e, 0]), 0, 5, '5'))
  malformed(() => readPublish(0x36, Buffer.from([0, 1, 0x74, 0, 1]), 0, 5, '3.1.1', {} as PublishView))
  malformed(() => readPublish(0x32, Buffer.from([0, 1, 0x74, 0, 0]), 0, 5, '3.1.1', {} as PublishView))
  malformed(() => readSubackGranted(Buffer.from([0, 1, 0]), 0, 3, '5'))
})

test.run()
