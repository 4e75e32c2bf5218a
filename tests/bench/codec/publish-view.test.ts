import fc from 'fast-check'
import type { IPublishPacket } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makePublishView, readPublish } from '#weir/bench/codec/publish-view.ts'
import { MalformedPacket } from '#weir/bench/codec/reason-code.ts'
import { serverPackets } from '../support/arbitrary-packets.ts'
import { bodyOf, bodyOfBytes, protocolOf } from '../support/mqtt-packet.ts'

test('PUBLISH: quality, flags, packet id, topic, alias and payload; one view for all', () => {
  const view = makePublishView()
  fc.assert(
    fc.property(serverPackets.publish, (server) => {
      const { first, bytes, start, end } = bodyOf(server)
      const packet = server.packet as IPublishPacket
      readPublish(first, bytes, start, end, protocolOf(server.version), view)
      assert.equal(
        [view.qos, view.retain, view.duplicate, view.packetId],
        [packet.qos, packet.retain, packet.dup, packet.messageId ?? 0],
      )
      assert.is(view.topicBytes.toString('utf8', view.topicStart, view.topicEnd), packet.topic)
      assert.equal(bytes.subarray(view.payloadStart, view.payloadEnd), packet.payload)
      const { topicAlias = -1 } = packet.properties ?? {}
      assert.is(view.topicAlias, topicAlias)
    }),
    { numRuns: 500 },
  )
})

test('what a PUBLISH must not be, with the reason code that answers it', () => {
  for (const [hex, code] of [
    // QoS 3; QoS 0 with DUP; packet id 0; a topic that is cut off.
    ['3606000174000100', 0x81],
    ['380400017400', 0x81],
    ['3206000174000000', 0x81],
    ['30030009' + '74', 0x81],
    // No topic and no alias; subscription identifier 0; payload format indicator 2; an alias twice.
    ['3003000000', 0x82],
    ['3006000174020b00', 0x82],
    ['3006000174020102', 0x82],
    ['300a00017406230001230001', 0x82],
    // Receive maximum does not belong here; properties beyond the end.
    ['300700017403210001', 0x81],
    ['3004000174' + '05', 0x81],
  ] as const) {
    const { first, bytes, start, end } = bodyOfBytes(Buffer.from(hex, 'hex'))
    assert.throws(
      () => readPublish(first, bytes, start, end, '5', makePublishView()),
      (error: unknown) => error instanceof MalformedPacket && error.reasonCode === code,
      hex,
    )
  }
})

test.run()
