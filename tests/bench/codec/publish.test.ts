import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type PublishForm, publishForm, publishLength, putPublish } from '#weir/bench/codec/publish.ts'
import * as arbitrary from '../support/arbitrary-requests.ts'
import { parsed, parsedOne, versionOf } from '../support/mqtt-packet.ts'

/** A PUBLISH in a buffer of its own, its payload left to be filled in. */
function written(form: PublishForm, packetId: number, payloadBytes: number, duplicate = false): Buffer {
  const bytes = Buffer.alloc(publishLength(form, payloadBytes))
  const payloadAt = putPublish(form, packetId, payloadBytes, duplicate, bytes, 0)
  assert.is(payloadAt + payloadBytes, bytes.length)
  return bytes
}

const asked = fc.record(
  {
    protocol: arbitrary.protocol,
    topic: arbitrary.topic,
    qos: arbitrary.qos,
    retain: fc.boolean(),
    topicAlias: fc.integer({ min: 1, max: 0xffff }),
    subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }),
    properties: arbitrary.messageProperties,
  },
  { requiredKeys: ['protocol', 'topic', 'qos'] },
)

test('PUBLISH says to mqtt-packet what it was asked to say', () => {
  fc.assert(
    fc.property(asked, arbitrary.packetId, arbitrary.payload, fc.boolean(), (options, id, payload, again) => {
      const form = publishForm(options)
      const duplicate = again && options.qos > 0
      const bytes = written(form, id, payload.length, duplicate)
      payload.copy(bytes, bytes.length - payload.length)
      const packet = parsedOne('publish', bytes, versionOf(options.protocol))
      assert.is(packet.topic, options.topic)
      assert.is(packet.qos, options.qos)
      assert.is(packet.retain, options.retain ?? false)
      assert.is(packet.dup, duplicate)
      assert.is(packet.messageId, options.qos > 0 ? id : undefined)
      assert.equal(packet.payload, payload)
      const v5 = options.protocol === '5'
      const said = packet.properties ?? {}
      assert.equal(
        { ...arbitrary.readBack(undefined), ...said, userProperties: arbitrary.plain(said.userProperties) },
        {
          ...arbitrary.readBack(v5 ? options.properties : undefined),
          ...(v5 && options.topicAlias !== undefined && { topicAlias: options.topicAlias }),
          ...(v5 &&
            options.subscriptionIdentifier !== undefined && {
              subscriptionIdentifier: options.subscriptionIdentifier,
            }),
        },
      )
    }),
    { numRuns: 500 },
  )
})

test('several messages in one buffer, each with its own packet id and payload', () => {
  const form = publishForm({ protocol: '5', topic: 'a/b', qos: 1 })
  for (const payloadBytes of [0, 1, 117, 118, 16_373, 16_374]) {
    const each = publishLength(form, payloadBytes)
    const bytes = Buffer.alloc(3 * each)
    for (let i = 0; i < 3; i++) {
      const payloadAt = putPublish(form, 65_000 + i, payloadBytes, false, bytes, i * each)
      assert.is(payloadAt + payloadBytes, (i + 1) * each)
      bytes.fill(i + 1, payloadAt, payloadAt + payloadBytes)
    }
    assert.equal(
      parsed(bytes, 5).map((packet) => (packet.cmd === 'publish' ? [packet.messageId, packet.payload] : [])),
      [1, 2, 3].map((i) => [64_999 + i, Buffer.alloc(payloadBytes, i)]),
    )
  }
})

test('an empty topic with an alias that the server knows', () => {
  const bytes = written(publishForm({ protocol: '5', topic: '', qos: 0, topicAlias: 3 }), 0, 0)
  assert.is(bytes.toString('hex'), '30060000032300' + '03')
})

test.run()
