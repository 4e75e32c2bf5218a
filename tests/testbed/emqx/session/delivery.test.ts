import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { join, type RawClient } from '../support/raw-client.ts'
import { until } from '../support/until.ts'
import { away, pair, payloads, persistent, publish, settled } from './two-nodes.ts'

test('what waits for a client keeps its order, and QoS 0 that comes meanwhile does not wait', async () => {
  const { cluster, blue, green } = await pair()
  const before = await join(blue.ip, persistent('s'))
  await before.subscribe('t', 2)
  await away(blue, before)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (let index = 0; index < 9; index++)
    publish(sender, `${index}`, { qos: (index % 3) as 0, id: index + 1 })
  await settled(sender)
  const after = await join(green.ip, persistent('s', { receiveMaximum: 3 }))
  await after.wait('publish', 5)
  publish(sender, 'at once')
  await settled(sender)
  for (let index = 0; index < 10; index++) {
    await after.wait('publish', Math.min(10, index + 1))
    const { qos, messageId } = after.of('publish')[index]!
    if (qos > 0) after.send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId: messageId! })
    if (qos === 2) after.send({ cmd: 'pubcomp', messageId: messageId! })
  }
  assert.equal(payloads(after), ['0', '1', '2', '3', '4', 'at once', '5', '6', '7', '8'])
  cluster.close()
})

test('a client that comes back with a smaller Receive Maximum gets what was in flight bit by bit, under the same ids', async () => {
  const { cluster, blue, green } = await pair()
  const before = await join(blue.ip, persistent('s'))
  await before.subscribe('t', 1)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (let index = 0; index < 5; index++) publish(sender, `${index}`, { qos: 1, id: index + 1 })
  const first = await before.wait('publish', 5)
  await away(blue, before)
  publish(sender, '5', { qos: 1, id: 6 })
  await settled(sender)
  const after = await join(green.ip, persistent('s', { receiveMaximum: 2 }))
  for (let acknowledged = 0; acknowledged < 6; acknowledged++) {
    await settled(after)
    assert.is(after.of('publish').length, Math.min(6, acknowledged + 2))
    after.send({ cmd: 'puback', messageId: after.of('publish')[acknowledged]!.messageId! })
  }
  const again = after.of('publish')
  assert.equal(payloads(after), ['0', '1', '2', '3', '4', '5'])
  assert.equal(
    again.map(({ dup }) => dup),
    [true, true, true, true, true, false],
  )
  assert.equal(
    again.slice(0, 5).map(({ messageId }) => messageId),
    first.map(({ messageId }) => messageId),
  )
  cluster.close()
})

for (const version of [4, 5] as const)
  test(`a QoS 2 message whose sender moves before its PUBREL is published once (version ${version})`, async () => {
    const { cluster, blue, green } = await pair()
    const subscriber = await join(blue.ip, { clientId: 's' })
    await subscriber.subscribe('t', 0)
    const options = version === 5 ? persistent('p') : { clientId: 'p', clean: false }
    const before = await join(blue.ip, { ...options, version })
    publish(before, 'once', { qos: 2, id: 7 })
    await before.wait('pubrec')
    const after = await join(green.ip, { ...options, version })
    publish(after, 'once', { qos: 2, id: 7, dup: true })
    const [pubrec] = await after.wait('pubrec')
    if (version === 5) assert.is(pubrec!.reasonCode, 0x91)
    after.send({ cmd: 'pubrel', messageId: 7 })
    const [pubcomp] = await after.wait('pubcomp')
    if (version === 5) assert.is(pubcomp!.reasonCode ?? 0, 0)
    publish(after, 'end')
    await subscriber.wait('publish', 2)
    assert.equal(payloads(subscriber), ['once', 'end'])
    assert.is(green.core.counters.publishInUse, 1)
    cluster.close()
  })

test('an id whose PUBREL never comes is forgotten after 300 s; a hundred of them are the most', async () => {
  const { cluster, blue, clock } = await pair()
  const sender = await join(blue.ip, { clientId: 'p' })
  for (let id = 1; id <= 100; id++) publish(sender, 'x', { qos: 2, id })
  await sender.wait('pubrec', 100)
  await clock.advance(290_000)
  assert.is(blue.core.live.get('p')!.session.awaitingRelease?.size, 100)
  await clock.advance(12_000)
  assert.is(blue.core.live.get('p')!.session.awaitingRelease, undefined)
  for (let id = 1; id <= 101; id++) publish(sender, 'x', { qos: 2, id })
  await until(() => sender.ended)
  assert.is(sender.of('disconnect')[0]!.reasonCode, 0x93)
  assert.is(blue.core.counters.publishDropped, 1)
  cluster.close()
})

test('a message expires in the queue, or arrives with what is left of its time', async () => {
  const { cluster, blue, green, clock } = await pair()
  const before = await join(blue.ip, persistent('s'))
  await before.subscribe('t', 1)
  await away(blue, before)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (const [index, seconds] of [10, 100].entries())
    publish(sender, `${seconds} s`, {
      qos: 1,
      id: index + 1,
      properties: { messageExpiryInterval: seconds },
    })
  await settled(sender)
  await clock.advance(30_500)
  const after = await join(green.ip, persistent('s'))
  const [only] = await after.wait('publish')
  assert.equal(payloads(after), ['100 s'])
  assert.is(only!.properties!.messageExpiryInterval, 70)
  assert.is(green.core.counters.messagesDroppedExpired, 1)
  assert.is(green.core.counters.deliveryDroppedExpired, 1)
  cluster.close()
})

test('a message that is larger than its client takes is dropped, and its window stays free', async () => {
  const { cluster, blue } = await pair()
  const client = await join(blue.ip, persistent('s', { maximumPacketSize: 50, receiveMaximum: 1 }))
  await client.subscribe('t', 1)
  const sender = await join(blue.ip, { clientId: 'p' })
  publish(sender, 'x'.repeat(60), { qos: 1, id: 1 })
  publish(sender, 'small', { qos: 1, id: 2 })
  await client.wait('publish')
  assert.equal(payloads(client), ['small'])
  assert.is(blue.core.counters.deliveryDroppedTooLarge, 1)
  assert.is(blue.core.live.get('s')!.session.inFlightCount, 1)
  cluster.close()
})

test('a packet that is larger than a node takes ends its connection with 0x95', async () => {
  const { cluster, blue } = await pair()
  const client = await join(blue.ip, { clientId: 'p' })
  client.socket.write(Buffer.from([0x30, 0x81, 0x80, 0x80, 0x01]))
  await until(() => client.ended)
  assert.is(client.of('disconnect')[0]!.reasonCode, 0x95)
  cluster.close()
})

test('a node uses as many topic aliases as its client allows, on each connection anew', async () => {
  const { cluster, blue, green } = await pair()
  const options = persistent('s', { topicAliasMaximum: 2 })
  const before = await join(blue.ip, options)
  await before.subscribe('#', 1)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (const [index, topic] of ['a', 'b', 'a', 'c', 'b'].entries())
    publish(sender, `${index}`, { topic, qos: 1, id: index + 1 })
  const seen = (client: RawClient) =>
    client.of('publish').map(({ topic, properties }) => [topic, properties?.topicAlias ?? 0])
  await before.wait('publish', 5)
  assert.equal(seen(before), [
    ['a', 1],
    ['b', 2],
    ['', 1],
    ['c', 0],
    ['', 2],
  ])
  await away(blue, before)
  const after = await join(green.ip, options)
  await after.wait('publish', 5)
  assert.equal(seen(after), seen(before))
  assert.ok(after.of('publish').every(({ dup }) => dup))
  cluster.close()
})

test('what a full queue pushed out is counted for its client', async () => {
  const { cluster, blue } = await pair()
  const before = await join(blue.ip, persistent('s'))
  await before.subscribe('t', 1)
  await away(blue, before)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (let index = 0; index < 1004; index++) publish(sender, 'x')
  await settled(sender)
  const response = await fetch(`http://${blue.ip}:18083/api/v5/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'public' }),
  })
  const { token } = (await response.json()) as { token: string }
  const row = await fetch(`http://${blue.ip}:18083/api/v5/clients/s`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { mqueue_len, mqueue_dropped } = (await row.json()) as Record<string, number>
  assert.equal([mqueue_len, mqueue_dropped], [1000, 4])
  assert.is(blue.core.counters.deliveryDroppedQueueFull, 4)
  cluster.close()
})

test.run()
