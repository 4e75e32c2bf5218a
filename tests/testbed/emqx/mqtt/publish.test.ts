import fc from 'fast-check'
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { publishBytes } from '#weir/testbed/emqx/mqtt/publish-bytes.ts'
import { readPublish } from '#weir/testbed/emqx/mqtt/publish-frame.ts'
import { makeMessage } from '#weir/testbed/emqx/session/message.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const topic = text.filter((name) => name.length > 0)
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  // Around the lengths at which the length itself grows.
  fc.constantFrom(100, 127, 128, 16_383, 16_384, 70_000).map((length) => new Uint8Array(length)),
)
const carried = fc.record(
  {
    payloadFormatIndicator: fc.boolean(),
    contentType: text,
    responseTopic: topic,
    correlationData: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
    userProperties: fc.dictionary(
      text.filter((name) => name.length > 0 && name !== '__proto__'),
      // mqtt-packet forgets an empty value that another follows.
      fc.oneof(text, fc.array(topic, { minLength: 2, maxLength: 3 })),
      { minKeys: 1, maxKeys: 3 },
    ),
  },
  { requiredKeys: [] },
)
const qos = fc.constantFrom(0, 1, 2)
const packetId = fc.integer({ min: 1, max: 65_535 })

function parse(bytes: Buffer, protocolVersion: number): IPublishPacket {
  const packets: Packet[] = []
  const reader = parser({ protocolVersion })
  reader.on('packet', (packet) => packets.push(packet))
  reader.on('error', (error) => {
    throw error
  })
  assert.is(reader.parse(bytes), 0)
  assert.is(packets.length, 1)
  return packets[0] as IPublishPacket
}

/** Without the null prototypes and lengths of the parser. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value ?? null))

test('what a node writes is read by mqtt-packet as it was meant', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(4, 5),
      fc.record({ topic, payload, qos, properties: carried }),
      fc.record({
        retain: fc.boolean(),
        dup: fc.boolean(),
        id: packetId,
        identifier: fc.option(fc.integer({ min: 1, max: 268_435_455 }), { nil: undefined }),
        alias: fc.constantFrom(0, 1, 65_535),
        secondsLeft: fc.option(fc.integer({ min: 1, max: 0xffffffff }), { nil: undefined }),
      }),
      (version, said, { id, ...copy }) => {
        const message = makeMessage(
          'p',
          { ...said, qos: said.qos as 0, payload: Buffer.from(said.payload) },
          0,
        )
        const bare = version === 5 && copy.alias > 0
        const given = parse(
          publishBytes(message, version, {
            ...copy,
            qos: said.qos as 0,
            packetId: said.qos > 0 ? id : 0,
            bare,
          }),
          version,
        )
        assert.is(given.topic, bare ? '' : said.topic)
        assert.is(Buffer.compare(given.payload as Buffer, said.payload), 0)
        assert.equal(
          [given.qos, given.retain, given.dup, given.messageId],
          [said.qos, copy.retain, copy.dup, said.qos > 0 ? id : undefined],
        )
        if (version === 4) return
        const expected = {
          ...said.properties,
          ...(copy.identifier !== undefined && { subscriptionIdentifier: copy.identifier }),
          ...(copy.alias > 0 && { topicAlias: copy.alias }),
          ...(copy.secondsLeft !== undefined && { messageExpiryInterval: copy.secondsLeft }),
        }
        assert.equal(plain(given.properties ?? {}), plain(expected))
      },
    ),
    { numRuns: 500 },
  )
})

test('what mqtt-packet writes is read by a node as it was meant', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(4, 5),
      fc.record({ topic, payload, qos, retain: fc.boolean(), properties: carried }),
      packetId,
      (version, said, id) => {
        const frame = generate(
          {
            cmd: 'publish',
            dup: false,
            ...said,
            qos: said.qos as 0,
            payload: Buffer.from(said.payload),
            ...(said.qos > 0 && { messageId: id }),
          } as Packet,
          { protocolVersion: version },
        )
        const given = readPublish(frame, version)!
        assert.is(given.topic, said.topic)
        assert.is(Buffer.compare(given.payload, said.payload), 0)
        assert.equal(
          [given.qos, given.retain, given.packetId],
          [said.qos, said.retain, said.qos > 0 ? id : 0],
        )
        assert.equal(plain(given.properties ?? {}), plain(version === 5 ? said.properties : {}))
      },
    ),
    { numRuns: 500 },
  )
})

test('a malformed PUBLISH is none: QoS 3, packet id 0, lengths that do not fit', () => {
  for (const [version, hex] of [
    [5, '3607000174000100'],
    [5, '32060001740000' + '00'],
    [4, '3205000174' + '0000'],
    [4, '30020009'],
    [5, '3003000174'],
    [5, '30050001740500'],
    [4, '3001' + '00'],
  ] as const)
    assert.is(readPublish(Buffer.from(hex, 'hex'), version), undefined, hex)
  const cut = Buffer.from('3209000174000100' + '616263', 'hex')
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 7 }), (length) => {
      const frame = Buffer.from(cut.subarray(0, length))
      frame[1] = length - 2
      assert.is(readPublish(frame, 5), undefined)
    }),
  )
})

test.run()
