import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { join } from '../support/raw-client.ts'
import { until } from '../support/until.ts'
import { away, pair, payloads, persistent, publish, settled, subscribe } from './two-nodes.ts'

for (const { name, said, reason } of [
  { name: 'alias 0', said: { properties: { topicAlias: 0 } }, reason: 0x94 },
  { name: 'an alias that nobody set', said: { topic: '', properties: { topicAlias: 5 } }, reason: 0x82 },
  { name: 'no topic', said: { topic: '' }, reason: 0x90 },
  { name: 'a wildcard', said: { topic: 'a/+' }, reason: 0x90 },
])
  test(`${name} in a PUBLISH ends the connection with 0x${reason.toString(16)}`, async () => {
    const { cluster, blue } = await pair()
    const client = await join(blue.ip, { clientId: 'p' })
    publish(client, 'x', said)
    await until(() => client.ended)
    assert.is(client.of('disconnect')[0]!.reasonCode, reason)
    assert.is(blue.core.counters.publishError, 1)
    cluster.close()
  })

test('identifiers of all subscriptions that match come along, each with its copy', async () => {
  const { cluster, blue, green } = await pair()
  const client = await join(blue.ip, { clientId: 's' })
  await subscribe(client, { topic: 'a/+' }, { subscriptionIdentifier: 7 })
  await subscribe(client, { topic: 'a/#' }, { subscriptionIdentifier: 300 })
  const sender = await join(green.ip, { clientId: 'p' })
  publish(sender, 'x', { topic: 'a/b' })
  const got = await client.wait('publish', 2)
  assert.equal(got.map(({ properties }) => Number(properties!.subscriptionIdentifier)).sort(), [300, 7])
  cluster.close()
})

test('the RETAIN flag is kept only for who asked for it; retained messages come by the rule asked for', async () => {
  const { cluster, blue, green, clock } = await pair()
  const sender = await join(blue.ip, { clientId: 'p' })
  publish(sender, 'old', { retain: true, qos: 1 })
  publish(sender, 'gone', { topic: 'gone', retain: true, properties: { messageExpiryInterval: 5 } })
  await settled(sender)
  await clock.advance(6000)
  const client = await join(green.ip, persistent('s'))
  await subscribe(client, { rh: 2 })
  await settled(client)
  assert.equal(payloads(client), [], 'never')
  await subscribe(client, { rh: 1 })
  await settled(client)
  assert.equal(payloads(client), [], 'not for a subscription that is there')
  await subscribe(client, { rh: 0 })
  await client.wait('publish')
  await subscribe(client, { topic: 'gone', rh: 0 })
  assert.is(green.core.group.retained.size, 1, 'what has expired is gone')
  await subscribe(client, { rh: 2, rap: true })
  publish(sender, 'new', { retain: true })
  await client.wait('publish', 2)
  await subscribe(client, { rh: 2 })
  publish(sender, 'newer', { retain: true })
  await client.wait('publish', 3)
  assert.equal(
    client.of('publish').map(({ payload, retain }) => `${payload} ${retain}`),
    ['old true', 'new true', 'newer false'],
  )
  await away(green, client)
  const back = await join(blue.ip, persistent('s'))
  await settled(back)
  assert.equal(payloads(back), [], 'a session that comes back gets no retained message')
  cluster.close()
})

test('a member of a shared group that is away gets its share, and takes it along', async () => {
  const { cluster, blue, green } = await pair()
  const gone = await join(blue.ip, persistent('gone'))
  await gone.subscribe('$share/g/t', 1)
  const there = await join(blue.ip, { clientId: 'there' })
  await there.subscribe('$share/g/t', 0)
  await away(blue, gone)
  const sender = await join(blue.ip, { clientId: 'p' })
  for (let index = 0; index < 40; index++) publish(sender, `${index}`, { qos: 1, id: index + 1 })
  await settled(sender)
  await settled(there)
  const waiting = blue.core.channels.get('gone')!.session.queueLength
  assert.ok(waiting > 5 && waiting < 35, `${waiting}`)
  const back = await join(green.ip, persistent('gone', { receiveMaximum: 100 }))
  await back.wait('publish', Math.min(waiting, 32))
  for (const { messageId } of back.of('publish')) back.send({ cmd: 'puback', messageId: messageId! })
  await back.wait('publish', waiting)
  assert.equal(
    [...payloads(there), ...payloads(back)].map(Number).sort((a, b) => a - b),
    Array.from({ length: 40 }, (_, index) => index),
  )
  cluster.close()
})

test('a shared subscription cannot be no-local', async () => {
  const { cluster, blue } = await pair()
  const client = await join(blue.ip, { clientId: 's' })
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$share/g/t', qos: 0, nl: true }] })
  await until(() => client.ended)
  assert.is(client.of('disconnect')[0]!.reasonCode, 0x82)
  cluster.close()
})

for (const [version, copies] of [
  ['4.4.19', 2],
  ['5.8.9', 1],
] as const)
  test(`${version}: what is not acknowledged for 30 s ${copies === 2 ? 'comes again' : 'waits for the next connection'}`, async () => {
    const { cluster, blue, clock } = await pair(version)
    const client = await join(blue.ip, { clientId: 's' })
    await client.subscribe('t', 1)
    const sender = await join(blue.ip, { clientId: 'p' })
    publish(sender, 'x', { qos: 1 })
    await client.wait('publish')
    await clock.advance(29_000)
    await settled(client)
    assert.is(client.of('publish').length, 1)
    await clock.advance(3000)
    await settled(client)
    const got = client.of('publish')
    assert.equal(
      got.map(({ dup }) => dup),
      [false, true].slice(0, copies),
    )
    assert.is(new Set(got.map(({ messageId }) => messageId)).size, 1)
    client.send({ cmd: 'puback', messageId: got[0]!.messageId! })
    await settled(client)
    await clock.advance(60_000)
    await settled(client)
    assert.is(client.of('publish').length, copies)
    cluster.close()
  })

test.run()
