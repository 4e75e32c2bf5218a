/** What a server must not do, and the reason code that an MQTT 5 client leaves with (§4.13). */
import { generate, type Packet } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { GroupSpec } from '#weir/bench/types.ts'
import { FakeBroker, type Visit } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

const group = (more: Partial<GroupSpec> = {}): GroupSpec => ({
  name: 'g',
  share: 1,
  protocol: '5',
  persistent: false,
  ...more,
})

/** Does something wrong to a client that is online: it must leave with `code` as a protocol error, tell an MQTT 5 server, and come back. */
async function provoke(wrong: (visit: Visit) => void, code: number, groupSpec = group()) {
  const told = groupSpec.protocol === '5'
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { group: groupSpec })
  await until('the client is online', () => shard.counters().online === 1)
  const [visit] = broker.visits
  wrong(visit!)
  await until('the client is back', () => shard.counters().connected === 2)
  if (told)
    await until('the server was told why', () => visit!.packets.some(({ cmd }) => cmd === 'disconnect'))
  await until('the client closed', () => visit!.socket.readableEnded || visit!.socket.destroyed)
  const history = await shard.stop()
  await broker.close()
  assert.equal(history.story(0), [
    'scheduled',
    'attempt',
    'connected 0',
    `disconnected protocol-error ${code}`,
    'attempt',
    'connected 0',
    'left stopped',
  ])
  const goodbyes = visit!.packets.filter(({ cmd }) => cmd === 'disconnect') as { reasonCode?: number }[]
  assert.equal(
    goodbyes.map(({ reasonCode }) => reasonCode),
    told ? [code] : [],
  )
}

const raw = (hex: string) => (visit: Visit) => visit.socket.write(Buffer.from(hex, 'hex'))
const message = (more: Record<string, unknown>) => ({
  cmd: 'publish',
  topic: 't',
  payload: '',
  qos: 0,
  dup: false,
  retain: false,
  ...more,
})
/** In one write, so that the client cannot have answered the first before the last. */
const sendTogether = (packets: unknown[]) => (visit: Visit) =>
  visit.socket.write(
    Buffer.concat(packets.map((packet) => generate(packet as Packet, { protocolVersion: visit.version }))),
  )

for (const [what, hex, code] of [
  ['a packet that is malformed', '36060001' + '74000100', 0x81],
  ['a packet type that does not exist', '0000', 0x81],
  ['a second CONNACK', '2003000000', 0x82],
  ['an AUTH that nobody asked for', 'f000', 0x82],
  ['a SUBACK that nobody asked for', '9004000100' + '00', 0x82],
  ['a packet of the client’s own', 'c000', 0x81],
  ['a length of five bytes', '30ffffffff01', 0x81],
  ['a length beyond all reason', '30ffffff7f', 0x95],
] as const)
  test(`${what}: DISCONNECT 0x${code.toString(16)}`, () => provoke(raw(hex), code))

test('an MQTT 3.1.1 client has no words for it, and only closes', () =>
  provoke(raw('36060001' + '74000100'), 0x81, group({ protocol: '3.1.1' })))

test('a packet larger than the client has announced: DISCONNECT 0x95', () =>
  provoke(
    (visit) => visit.send(message({ payload: Buffer.alloc(196) })),
    0x95,
    group({ connect: { maximumPacketSize: 200 } }),
  ))

test('a packet exactly as large as announced is taken', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { group: group({ connect: { maximumPacketSize: 200 } }) })
  await until('the client is online', () => shard.counters().online === 1)
  const fits = message({ payload: Buffer.alloc(193) })
  assert.is(generate(fits as unknown as Packet, { protocolVersion: 5 }).length, 200)
  broker.visits[0]!.send(fits)
  await until('it was taken', () => shard.counters().received === 1)
  assert.is((await shard.stop()).count('disconnected'), 0)
  await broker.close()
})

test('a topic alias where none is allowed, above what is allowed, 0, or unknown', async () => {
  const withAlias = (topicAlias: number, topic = 't') => message({ topic, properties: { topicAlias } })
  const aliases = (most: number) => group({ connect: { topicAliasMaximum: most } })
  await provoke((visit) => visit.send(withAlias(1)), 0x94)
  await provoke((visit) => visit.send(withAlias(6)), 0x94, aliases(5))
  // mqtt-packet writes no alias of 0.
  await provoke(raw('30070001' + '7403230000'), 0x94, aliases(5))
  await provoke(raw('3006000003230005'), 0x82, aliases(5))
})

test('aliases are of one connection: the next one knows none', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, {
    group: group({ persistent: true, connect: { topicAliasMaximum: 5 } }),
  })
  await until('the client is online', () => shard.counters().online === 1)
  broker.visits[0]!.send(message({ properties: { topicAlias: 5 } }))
  broker.visits[0]!.send(message({ topic: '', properties: { topicAlias: 5 } }))
  await until('both came', () => shard.counters().received === 2)
  broker.visits[0]!.socket.end()
  await until('the client is back', () => shard.counters().connected === 2)
  broker.visits[1]!.send(message({ topic: '', properties: { topicAlias: 5 } }))
  await until('it left again', () => shard.counters().connected === 3)
  assert.equal((await shard.stop()).count('disconnected', 'protocol-error'), 1)
  await broker.close()
})

test('more messages in flight than the client has announced: DISCONNECT 0x93', async () => {
  const flood = [1, 2, 3].map((messageId) => message({ qos: 1, messageId }))
  await provoke(sendTogether(flood), 0x93, group({ connect: { receiveMaximum: 2 } }))
  // QoS 2 stays in flight until it is released, however slowly it comes.
  const slowly = (visit: Visit) => {
    for (const messageId of [1, 2, 3]) visit.send(message({ qos: 2, messageId }))
  }
  await provoke(slowly, 0x93, group({ connect: { receiveMaximum: 2 } }))
})

test('as many as announced, again and again, are no error', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { group: group({ connect: { receiveMaximum: 2 } }) })
  await until('the client is online', () => shard.counters().online === 1)
  const [visit] = broker.visits
  for (let round = 1; round <= 5; round++) {
    sendTogether([1, 2].map((messageId) => message({ qos: 1, messageId })))(visit!)
    await until('both were acknowledged', () => broker.packets('puback').length === 2 * round)
  }
  for (let round = 1; round <= 3; round++) {
    sendTogether([1, 2].map((messageId) => message({ qos: 2, messageId })))(visit!)
    sendTogether([1, 2].map((messageId) => ({ cmd: 'pubrel', messageId })))(visit!)
    await until('both were completed', () => broker.packets('pubcomp').length === 2 * round)
  }
  assert.is((await shard.stop()).count('disconnected'), 0)
  await broker.close()
})

test('a bad CONNACK, or something else first: the attempt failed, and the server is told', async () => {
  for (const [hex, code] of [
    ['20020200', 0x81],
    ['2006000003210000', 0x82],
    ['d000', 0x82],
  ] as const) {
    const broker = await FakeBroker.listen({
      onConnect: (visit) => (broker.visits.length > 1 ? visit.accept() : raw(hex)(visit)),
    })
    const shard = startShard(broker.port)
    await until('the client is online', () => shard.counters().online === 1)
    await until('the server was told', () => broker.visits[0]!.packets.length === 1)
    const history = await shard.stop()
    await broker.close()
    assert.equal(history.story(0).slice(0, 3), ['scheduled', 'attempt', `failed protocol-error ${code}`])
    assert.is((broker.visits[0]!.packets[0] as { reasonCode?: number }).reasonCode, code)
  }
})

test.run()
