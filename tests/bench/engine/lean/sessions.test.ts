import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { GroupSpec } from '#weir/bench/types.ts'
import { FakeBroker } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

const persistent = (protocol: '3.1.1' | '5', more: Partial<GroupSpec> = {}): GroupSpec => ({
  name: 'persistent',
  share: 1,
  protocol,
  persistent: true,
  subscribe: [{ topic: 'down/%c/%i', qos: 1 }],
  ...more,
})

for (const protocol of ['3.1.1', '5'] as const)
  test(`MQTT ${protocol}: a kept session is reported and not subscribed again`, async () => {
    const broker = await FakeBroker.listen()
    const shard = startShard(broker.port, { group: persistent(protocol) })
    await until('the subscription stands', () => broker.packets('subscribe').length === 1)
    // The client must have read the SUBACK before it is thrown out; another exchange behind it proves that.
    broker.visits[0]!.sendMessage()
    await until('the message was acknowledged', () => broker.packets('puback').length === 1)
    broker.visits[0]!.socket.end()
    await until('the client is back', () => shard.counters().connected === 2)
    const history = await shard.stop()
    await broker.close()
    assert.equal(
      history.rows.filter(({ kind }) => kind === 'connected').map(({ sessionPresent }) => sessionPresent),
      [0, 1],
    )
    const [subscribe, ...more] = broker.packets('subscribe')
    assert.is(subscribe!.subscriptions[0]!.topic, 'down/c0/0')
    assert.is(subscribe!.subscriptions[0]!.qos, 1)
    assert.equal(more, [])
    assert.equal(
      broker.visits.map(({ connect }) => connect.clean),
      [false, false],
    )
    assert.is(
      broker.visits[0]!.connect.properties?.sessionExpiryInterval,
      protocol === '5' ? 7200 : undefined,
    )
  })

test('a session that was lost is subscribed again', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { group: persistent('5') })
  await until('the subscription stands', () => broker.packets('subscribe').length === 1)
  broker.sessions.clear()
  broker.visits[0]!.socket.end()
  await until('it subscribed again', () => broker.packets('subscribe').length === 2)
  const history = await shard.stop()
  await broker.close()
  assert.equal(
    history.rows.filter(({ kind }) => kind === 'connected').map(({ sessionPresent }) => sessionPresent),
    [0, 0],
  )
})

test('a session kept without the SUBACK having arrived is subscribed again', async () => {
  const broker = await FakeBroker.listen({ onPacket: () => undefined })
  const shard = startShard(broker.port, { group: persistent('5') })
  await until('it subscribed', () => broker.packets('subscribe').length === 1)
  broker.visits[0]!.socket.end()
  await until('it subscribed again', () => broker.packets('subscribe').length === 2)
  await shard.stop()
  await broker.close()
})

test('a clean client subscribes at every connection', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { group: persistent('5', { persistent: false }) })
  for (const visits of [1, 2, 3]) {
    await until('it subscribed', () => broker.packets('subscribe').length === visits)
    broker.visits.at(-1)!.socket.end()
  }
  await shard.stop()
  await broker.close()
  assert.ok(broker.visits.every(({ connect }) => connect.clean))
})

test('the session expiry of the group is what the CONNECT says; 0 says nothing', async () => {
  for (const [seconds, said] of [
    [99, 99],
    [0, undefined],
  ]) {
    const broker = await FakeBroker.listen()
    const shard = startShard(broker.port, { group: persistent('5', { sessionExpirySeconds: seconds! }) })
    await until('the client is online', () => shard.counters().online === 1)
    await shard.stop()
    await broker.close()
    assert.is(broker.visits[0]!.connect.properties?.sessionExpiryInterval, said)
  }
})

test('a refused subscription is counted', async () => {
  const broker = await FakeBroker.listen({
    onPacket(visit, packet) {
      if (packet.cmd === 'subscribe')
        visit.send({ cmd: 'suback', messageId: packet.messageId, granted: [0x87] })
    },
  })
  const shard = startShard(broker.port, { clients: 3, group: persistent('5') })
  await until('three were refused', () => shard.counters().subscribesRefused === 3)
  assert.is(shard.counters().online, 3)
  await shard.stop()
  await broker.close()
})

for (const protocol of ['3.1.1', '5'] as const)
  test(`MQTT ${protocol}: messages of every quality are acknowledged as they must be`, async () => {
    const broker = await FakeBroker.listen()
    const shard = startShard(broker.port, { group: persistent(protocol) })
    await until('the client is online', () => shard.counters().online === 1)
    const [visit] = broker.visits
    const message = {
      cmd: 'publish',
      topic: 'down/c0/0',
      payload: Buffer.alloc(300),
      dup: false,
      retain: false,
    }
    visit!.send({ ...message, qos: 0 })
    for (let id = 1; id <= 200; id++) visit!.send({ ...message, qos: 1, messageId: id })
    visit!.send({ ...message, qos: 2, messageId: 500 })
    visit!.send({ cmd: 'pubrel', messageId: 500 })
    await until('the last was completed', () => broker.packets('pubcomp').length === 1)
    const history = await shard.stop()
    await broker.close()
    assert.equal(
      broker.packets('puback').map(({ messageId }) => messageId),
      Array.from({ length: 200 }, (_, i) => i + 1),
    )
    assert.equal(
      [...broker.packets('pubrec'), ...broker.packets('pubcomp')].map(({ messageId }) => messageId),
      [500, 500],
    )
    assert.is(history.count('disconnected'), 0)
  })

test.run()
