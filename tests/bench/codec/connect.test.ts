import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connectProperties, type Will, willProperties, writeConnect } from '#weir/bench/codec/connect.ts'
import * as arbitrary from '../support/arbitrary-requests.ts'
import { parsedOne, versionOf } from '../support/mqtt-packet.ts'

const asked = fc.record(
  {
    protocol: arbitrary.protocol,
    clientId: arbitrary.someText,
    clean: fc.boolean(),
    keepAliveSeconds: fc.integer({ min: 0, max: 0xffff }),
    expirySeconds: fc.integer({ min: 0, max: 0xffff_ffff }),
    connect: arbitrary.connectProperties,
    will: fc.record(
      {
        topic: arbitrary.topic,
        payload: arbitrary.payload,
        qos: arbitrary.qos,
        retain: fc.boolean(),
        delaySeconds: fc.integer({ min: 0, max: 0xffff_ffff }),
        properties: arbitrary.messageProperties,
      },
      { requiredKeys: ['topic', 'payload', 'qos', 'retain'] },
    ),
    username: arbitrary.text,
    password: arbitrary.text,
  },
  { requiredKeys: ['protocol', 'clientId', 'clean', 'keepAliveSeconds', 'expirySeconds'] },
)

test('CONNECT says to mqtt-packet what it was asked to say: properties, will, user and all', () => {
  fc.assert(
    fc.property(asked, ({ expirySeconds, connect, will, ...plain }) => {
      // MQTT 3.1.1 §3.1.2.9 forbids a password without a user name.
      fc.pre(plain.protocol === '5' || plain.username !== undefined || plain.password === undefined)
      const v5 = plain.protocol === '5'
      const written = writeConnect({
        ...plain,
        properties: connectProperties(expirySeconds, connect),
        ...(will && { will: withProperties(will) }),
      })
      const packet = parsedOne('connect', written, versionOf(plain.protocol))
      assert.is(packet.protocolId, 'MQTT')
      assert.is(packet.protocolVersion, v5 ? 5 : 4)
      assert.is(packet.clientId, plain.clientId)
      assert.is(packet.clean, plain.clean)
      assert.is(packet.keepalive, plain.keepAliveSeconds)
      assert.is(packet.username, plain.username)
      assert.is(packet.password?.toString(), plain.password)
      const { userProperties, ...properties } = packet.properties ?? {}
      const { userProperties: users, ...others } = connect ?? {}
      assert.equal(
        properties,
        v5 ? { ...(expirySeconds && { sessionExpiryInterval: expirySeconds }), ...others } : {},
      )
      assert.equal(arbitrary.plain(userProperties), v5 ? arbitrary.plain(users) : undefined)
      assert.is(packet.will === undefined, will === undefined)
      if (!will || !packet.will) return
      assert.is(packet.will.topic, will.topic)
      assert.equal(packet.will.payload, will.payload)
      assert.is(packet.will.qos, will.qos)
      assert.is(packet.will.retain, will.retain)
      const said = packet.will.properties ?? {}
      assert.equal(
        { ...arbitrary.readBack(undefined), ...said, userProperties: arbitrary.plain(said.userProperties) },
        v5
          ? {
              ...arbitrary.readBack(will.properties),
              ...(will.delaySeconds === undefined ? {} : { willDelayInterval: will.delaySeconds }),
            }
          : arbitrary.readBack(undefined),
      )
    }),
    { numRuns: 500 },
  )
})

type AskedWill = NonNullable<Parameters<Parameters<typeof asked.map>[0]>[0]['will']>

function withProperties({ delaySeconds, properties, ...will }: AskedWill): Will {
  return { ...will, properties: willProperties(delaySeconds, properties) }
}

test('an empty client id, for the server to choose one', () => {
  const bytes = writeConnect({ protocol: '5', clientId: '', clean: true, keepAliveSeconds: 0 })
  assert.is(bytes.toString('hex'), '100d00044d51545405020000000000')
})

test('a CONNECT of every length of the length field', () => {
  for (const length of [100, 200, 16_000, 17_000, 60_000]) {
    const clientId = 'x'.repeat(length)
    const bytes = writeConnect({ protocol: '3.1.1', clientId, clean: true, keepAliveSeconds: 1 })
    assert.is(parsedOne('connect', bytes, 4).clientId, clientId)
  }
})

test.run()
