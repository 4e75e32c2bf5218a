import fc from 'fast-check'
import type { IConnackPacket } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readConnack } from '#weir/bench/codec/connack.ts'
import { MalformedPacket } from '#weir/bench/codec/reason-code.ts'
import { serverPackets } from '../support/arbitrary-packets.ts'
import { bodyOf, protocolOf } from '../support/mqtt-packet.ts'

/** The names of mqtt-packet, where ours say it otherwise. */
const NAMES = {
  sessionExpiryInterval: 'sessionExpirySeconds',
  receiveMaximum: 'receiveMaximum',
  maximumQoS: 'maximumQos',
  retainAvailable: 'retainAvailable',
  maximumPacketSize: 'maximumPacketSize',
  assignedClientIdentifier: 'assignedClientId',
  topicAliasMaximum: 'topicAliasMaximum',
  wildcardSubscriptionAvailable: 'wildcardAvailable',
  subscriptionIdentifiersAvailable: 'identifierAvailable',
  sharedSubscriptionAvailable: 'sharedAvailable',
  serverKeepAlive: 'serverKeepAliveSeconds',
  serverReference: 'serverReference',
} as const

test('CONNACK: session present, code, and every property that matters to a client', () => {
  fc.assert(
    fc.property(serverPackets.connack, (server) => {
      const { bytes, start, end } = bodyOf(server)
      const packet = server.packet as IConnackPacket
      const connack = readConnack(bytes, start, end, protocolOf(server.version))
      assert.is(connack.sessionPresent, packet.sessionPresent ? 1 : 0)
      assert.is(connack.code, server.version === 5 ? packet.reasonCode : packet.returnCode)
      const said = Object.entries(packet.properties ?? {})
        .filter(([name]) => name in NAMES)
        .map(([name, value]) => [NAMES[name as keyof typeof NAMES], value])
      assert.equal(connack.properties, Object.fromEntries(said))
    }),
    { numRuns: 500 },
  )
})

test('the CONNACKs that real EMQX 5.8.9 sends', () => {
  const read = (hex: string, version: '5' | '3.1.1') => {
    const bytes = Buffer.from(hex, 'hex')
    return readConnack(bytes, 2, bytes.length, version)
  }
  // Written down from the wire: tests/fixtures/emqx/raw-mqtt-bytes.txt.
  assert.equal(read('2016010013270010000021002025012a01290122ffff2801', '5'), {
    sessionPresent: 1,
    code: 0,
    properties: {
      maximumPacketSize: 0x100000,
      receiveMaximum: 32,
      retainAvailable: true,
      sharedAvailable: true,
      identifierAvailable: true,
      topicAliasMaximum: 0xffff,
      wildcardAvailable: true,
    },
  })
  assert.is(read('2003009c00', '5').code, 0x9c)
  assert.equal(read('2014009c111c000e3132372e302e302e323a31383833', '5'), {
    sessionPresent: 0,
    code: 0x9c,
    properties: { serverReference: '127.0.0.2:1883' },
  })
  assert.equal(read('20020100', '3.1.1'), { sessionPresent: 1, code: 0, properties: {} })
  assert.is(read('20020003', '3.1.1').code, 3)
})

test('a version 3 CONNACK to a version 5 client is understood', () => {
  assert.is(readConnack(Buffer.from([0, 1]), 0, 2, '5').code, 1)
})

test('what a CONNACK must not say, with the reason code that answers it', () => {
  for (const [hex, code] of [
    ['0200', 0x81],
    ['00', 0x81],
    ['000003210000', 0x82],
    ['00000527' + '00000000', 0x82],
    ['0000022402', 0x82],
    ['000002' + '2502', 0x82],
    // Receive maximum twice, a property of PUBLISH, one that is cut off, bytes behind the block.
    ['000006210001210001', 0x82],
    ['000003230001', 0x81],
    ['0000022100', 0x81],
    ['00000000', 0x81],
  ] as const) {
    const bytes = Buffer.from(hex, 'hex')
    assert.throws(
      () => readConnack(bytes, 0, bytes.length, '5'),
      (error: unknown) => error instanceof MalformedPacket && error.reasonCode === code,
      hex,
    )
  }
  assert.throws(
    () => readConnack(Buffer.from([0, 0, 0]), 0, 3, '3.1.1'),
    (error: unknown) => error instanceof MalformedPacket,
  )
})

test.run()
