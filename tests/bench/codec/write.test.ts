import fc from 'fast-check'
import { type IConnectPacket, type ISubscribePacket, type Packet, parser } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type ConnectOptions,
  DISCONNECT_BYTES,
  PINGREQ_BYTES,
  writeConnect,
  writeSubscribe,
} from '#weir/bench/codec/write.ts'

/** The packets that mqtt-packet reads out of these bytes. */
function parsed(bytes: Buffer, version: 4 | 5): Packet[] {
  const packets: Packet[] = []
  const reader = parser({ protocolVersion: version })
  reader.on('packet', (packet) => packets.push(packet))
  reader.on('error', (error) => {
    throw error
  })
  assert.is(reader.parse(bytes), 0, 'no byte is left over')
  return packets
}

const text = fc.string({ unit: 'grapheme', maxLength: 300 })
const options: fc.Arbitrary<ConnectOptions> = fc.record(
  {
    protocol: fc.constantFrom('3.1.1' as const, '5' as const),
    clientId: text.filter((id) => id.length > 0),
    clean: fc.boolean(),
    keepAliveSeconds: fc.integer({ min: 0, max: 0xffff }),
    sessionExpirySeconds: fc.integer({ min: 0, max: 0xffff_ffff }),
    username: text,
    password: text,
  },
  { requiredKeys: ['protocol', 'clientId', 'clean', 'keepAliveSeconds', 'sessionExpirySeconds'] },
)

test('CONNECT says to mqtt-packet what it was asked to say', () => {
  fc.assert(
    fc.property(options, (asked) => {
      // MQTT 3.1.1 §3.1.2.9 forbids a password without a user name.
      fc.pre(asked.protocol === '5' || asked.username !== undefined || asked.password === undefined)
      const [packet] = parsed(writeConnect(asked), asked.protocol === '5' ? 5 : 4) as [IConnectPacket]
      assert.is(packet.cmd, 'connect')
      assert.is(packet.protocolId, 'MQTT')
      assert.is(packet.protocolVersion, asked.protocol === '5' ? 5 : 4)
      assert.is(packet.clientId, asked.clientId)
      assert.is(packet.clean, asked.clean)
      assert.is(packet.keepalive, asked.keepAliveSeconds)
      assert.is(packet.username, asked.username)
      assert.is(packet.password?.toString(), asked.password)
      assert.is(packet.will, undefined)
      const expiry =
        asked.protocol === '5' && asked.sessionExpirySeconds > 0 ? asked.sessionExpirySeconds : undefined
      assert.is(packet.properties?.sessionExpiryInterval, expiry)
    }),
    { numRuns: 300 },
  )
})

test('SUBSCRIBE in both versions', () => {
  const topic = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(
      fc.constantFrom(4 as const, 5 as const),
      fc.integer({ min: 1, max: 0xffff }),
      topic,
      fc.constantFrom(0 as const, 1 as const, 2 as const),
      (version, id, filter, qos) => {
        const bytes = writeSubscribe(version === 5 ? '5' : '3.1.1', id, filter, qos)
        const [packet] = parsed(bytes, version) as [ISubscribePacket]
        assert.is(packet.cmd, 'subscribe')
        assert.is(packet.messageId, id)
        assert.equal(
          packet.subscriptions.map((subscription) => [subscription.topic, subscription.qos]),
          [[filter, qos]],
        )
      },
    ),
  )
})

test('PINGREQ and DISCONNECT in both versions', () => {
  for (const version of [4, 5] as const)
    assert.equal(
      parsed(Buffer.concat([PINGREQ_BYTES, DISCONNECT_BYTES]), version).map(({ cmd }) => cmd),
      ['pingreq', 'disconnect'],
    )
})

test.run()
