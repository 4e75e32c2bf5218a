import { connect } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VirtualClock } from '../../runtime/virtual-clock.ts'
import { join, RawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'
import { payloads, twoNodes } from './two-nodes.ts'

function publish(
  client: RawClient,
  topic: string,
  payload: string,
  qos: 0 | 1 | 2 = 0,
  retain = false,
): void {
  client.send({
    cmd: 'publish',
    topic,
    payload,
    qos,
    dup: false,
    retain,
    ...(qos > 0 && { messageId: 100 + qos }),
  })
}

for (const version of [4, 5] as const)
  test(`QoS 0, 1 and 2 reach a subscriber on another node (version ${version})`, async () => {
    const { cluster, blue, green } = await twoNodes()
    const subscriber = await join(blue.ip, { clientId: 's', version })
    await subscriber.subscribe('t/#', 2)
    const sender = await join(green.ip, { clientId: 'p', version })
    publish(sender, 't/0', 'zero')
    publish(sender, 't/1', 'one', 1)
    publish(sender, 't/2', 'two', 2)
    await sender.wait('puback')
    await sender.wait('pubrec')
    sender.send({ cmd: 'pubrel', messageId: 102 })
    await sender.wait('pubcomp')
    const got = await subscriber.wait('publish', 3)
    assert.equal(
      got.map(({ qos, payload }) => `${qos} ${payload}`),
      ['0 zero', '1 one', '2 two'],
    )
    subscriber.send({ cmd: 'puback', messageId: got[1]!.messageId! })
    subscriber.send({ cmd: 'pubrec', messageId: got[2]!.messageId! })
    await subscriber.wait('pubrel')
    subscriber.send({ cmd: 'pubcomp', messageId: got[2]!.messageId! })
    await until(() => blue.core.live.get('s')?.session.inFlightCount === 0)
    assert.is(green.core.counters.messagesForward, 3)
    cluster.close()
  })

test('a QoS 2 message that is sent twice before its release is delivered once', async () => {
  const { cluster, blue } = await twoNodes()
  const subscriber = await join(blue.ip, { clientId: 's' })
  await subscriber.subscribe('t', 0)
  const sender = await join(blue.ip, { clientId: 'p' })
  publish(sender, 't', 'once', 2)
  publish(sender, 't', 'once', 2)
  await sender.wait('pubrec', 2)
  publish(sender, 't', 'end')
  await subscriber.wait('publish', 2)
  assert.equal(payloads(subscriber), ['once', 'end'])
  cluster.close()
})

test('no more than the receive maximum is in flight; the rest follows each acknowledgement', async () => {
  const { cluster, blue } = await twoNodes()
  const subscriber = await join(blue.ip, { clientId: 's', properties: { receiveMaximum: 2 } })
  await subscriber.subscribe('t', 1)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (let index = 0; index < 5; index++) publish(sender, 't', `${index}`, 1)
  await sender.wait('puback', 5)
  assert.equal(
    (await subscriber.wait('publish', 2)).map(({ payload }) => `${payload}`),
    ['0', '1'],
  )
  assert.is(blue.core.live.get('s')?.session.queueLength, 3)
  for (let index = 0; index < 3; index++) {
    subscriber.send({ cmd: 'puback', messageId: subscriber.of('publish')[index]!.messageId! })
    await subscriber.wait('publish', index + 3)
  }
  assert.equal(payloads(subscriber), ['0', '1', '2', '3', '4'])
  cluster.close()
})

test('a queue holds a thousand messages and drops the oldest', async () => {
  const { cluster, blue } = await twoNodes()
  const away = await join(blue.ip, { clientId: 's', clean: false, properties: { sessionExpiryInterval: 60 } })
  await away.subscribe('t', 1)
  away.close()
  await until(() => blue.core.live.size === 0)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (let index = 0; index < 1003; index++) publish(sender, 't', `${index}`)
  await until(() => blue.core.counters.messagesPublish === 1003)
  const session = blue.core.channels.get('s')!.session
  assert.is(session.queueLength, 1000)
  assert.is(`${session.queue![0]!.message.payload}`, '3')
  assert.is(blue.core.counters.deliveryDroppedQueueFull, 3)
  cluster.close()
})

test('retained messages come with a subscription and go with an empty payload', async () => {
  const { cluster, blue, green } = await twoNodes()
  const sender = await join(blue.ip, { clientId: 'p' })
  publish(sender, 'r/1', 'kept', 1, true)
  await sender.wait('puback')
  const subscriber = await join(green.ip, { clientId: 's' })
  await subscriber.subscribe('r/+', 1)
  const [got] = await subscriber.wait('publish')
  assert.is(got!.retain, true)
  assert.is(`${got!.payload}`, 'kept')
  publish(sender, 'r/1', '', 1, true)
  await sender.wait('puback', 2)
  const later = await join(green.ip, { clientId: 'later' })
  await later.subscribe('r/+', 1)
  publish(sender, 'r/2', 'live')
  await later.wait('publish')
  assert.equal(payloads(later), ['live'])
  cluster.close()
})

test('a shared subscription gives each message to one member', async () => {
  const { cluster, blue, green } = await twoNodes()
  const members = [await join(blue.ip, { clientId: 'm1' }), await join(green.ip, { clientId: 'm2' })]
  for (const member of members) await member.subscribe('$share/g/t', 0)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (let index = 0; index < 40; index++) publish(sender, 't', `${index}`)
  await until(() => members[0]!.of('publish').length + members[1]!.of('publish').length >= 40)
  assert.equal(
    [...payloads(members[0]!), ...payloads(members[1]!)].map(Number).sort((a, b) => a - b),
    Array.from({ length: 40 }, (_, index) => index),
  )
  cluster.close()
})

test('no-local and an unsubscription are respected', async () => {
  const { cluster, blue } = await twoNodes()
  const client = await join(blue.ip, { clientId: 'c' })
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'own', qos: 0, nl: true }] })
  await client.wait('suback')
  await client.subscribe('other', 0)
  publish(client, 'own', 'not back')
  client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['other', 'never'] })
  assert.equal((await client.wait('unsuback'))[0]!.granted, [0, 0x11])
  publish(client, 'other', 'nobody')
  client.send({ cmd: 'pingreq' })
  await client.wait('pingresp')
  assert.equal(payloads(client), [])
  assert.is(blue.core.group.topics.size, 1)
  cluster.close()
})

test('a bad filter or a bad topic name ends the connection', async () => {
  const { cluster, blue } = await twoNodes()
  const subscriber = await join(blue.ip, { clientId: 's' })
  subscriber.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: [
      { topic: 'a/#', qos: 1 },
      { topic: '$share/a', qos: 1 },
    ],
  })
  const publisher = await join(blue.ip, { clientId: 'p' })
  publish(publisher, 'a/+', 'x')
  await until(() => subscriber.ended && publisher.ended)
  assert.equal(
    [subscriber, publisher].map((client) => client.of('disconnect')[0]?.reasonCode),
    [0x8f, 0x90],
  )
  cluster.close()
})

test('a topic alias stands for its topic', async () => {
  const { cluster, blue } = await twoNodes()
  const subscriber = await join(blue.ip, { clientId: 's' })
  await subscriber.subscribe('long/name', 0)
  const sender = await join(blue.ip, { clientId: 'p' })
  const common = { cmd: 'publish', qos: 0, dup: false, retain: false, properties: { topicAlias: 3 } } as const
  sender.send({ ...common, topic: 'long/name', payload: '1' })
  sender.send({ ...common, topic: '', payload: '2' })
  await subscriber.wait('publish', 2)
  assert.equal(payloads(subscriber), ['1', '2'])
  cluster.close()
})

test('a client that is silent for one and a half keep-alives is dropped with 0x8D', async () => {
  const clock = new VirtualClock()
  const { cluster, blue } = await twoNodes(clock)
  const silent = await join(blue.ip, { clientId: 'silent', keepalive: 10 })
  const busy = await join(blue.ip, { clientId: 'busy', keepalive: 10 })
  await clock.advance(10_000)
  busy.send({ cmd: 'pingreq' })
  await busy.wait('pingresp')
  await clock.advance(4000)
  assert.is(blue.core.live.size, 2)
  await clock.advance(2000)
  await until(() => silent.ended)
  assert.is(silent.of('disconnect')[0]!.reasonCode, 0x8d)
  assert.is(blue.core.live.size, 1)
  cluster.close()
})

test('a connection without a CONNECT is dropped after 15 s', async () => {
  const clock = new VirtualClock()
  const { cluster, blue } = await twoNodes(clock)
  const socket = connect({ host: blue.ip, port: 1883 })
  await until(() => blue.core.connections.size === 1)
  await clock.advance(17_000)
  await until(() => socket.destroyed || socket.readableEnded || blue.core.connections.size === 0)
  assert.is(blue.core.connections.size, 0)
  socket.destroy()
  cluster.close()
})

test('client ids: one is assigned to MQTT 5, MQTT 3 may not be nameless and persistent', async () => {
  const { cluster, blue } = await twoNodes()
  const assigned = await join(blue.ip, { clientId: '' })
  assert.match(assigned.of('connack')[0]!.properties!.assignedClientIdentifier!, /^\w{16}$/)
  const refused = new RawClient(connect({ host: blue.ip, port: 1883 }), 4)
  refused.socket.write(Buffer.from('100c00044d5154540400000a0000', 'hex'))
  await until(() => refused.ended)
  assert.is(refused.hex, '20020002')
  cluster.close()
})

test('bytes that are not MQTT end the connection', async () => {
  const { cluster, blue } = await twoNodes()
  const socket = connect({ host: blue.ip, port: 1883 })
  socket.on('error', () => {})
  socket.write(`GET /${'x'.repeat(100)} HTTP/1.1\r\n\r\n`)
  socket.resume()
  await until(() => socket.destroyed)
  const client = await join(blue.ip, { clientId: 'c' })
  client.socket.write(Buffer.from([0x82, 0x02, 0x00, 0x01]))
  await until(() => client.ended)
  const other = await join(blue.ip, { clientId: 'd' })
  await other.subscribe('still/decodes', 1)
  cluster.close()
})

test('a message for thousands of subscribers arrives in order everywhere', async () => {
  const { cluster, blue } = await twoNodes()
  const subscribers = await Promise.all(
    Array.from({ length: 400 }, (_, index) => join(blue.ip, { clientId: `s${index}`, version: 4 })),
  )
  await Promise.all(subscribers.map((client) => client.subscribe('all', 0)))
  const sender = await join(blue.ip, { clientId: 'p' })
  for (const payload of ['1', '2', '3']) publish(sender, 'all', payload)
  await until(() => subscribers.every((client) => client.of('publish').length === 3))
  for (const client of subscribers) assert.equal(payloads(client), ['1', '2', '3'])
  cluster.close()
})

test.run()
