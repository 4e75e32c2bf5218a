import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Client } from '#weir/bench/engine/lean/client.ts'
import { KeepAlive } from '#weir/bench/engine/lean/keep-alive.ts'
import type { Deadlines } from '#weir/bench/engine/lifecycle/deadlines.ts'
import { FakeBroker } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

test('a client pings, and stays as long as it is answered', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { keepAliveSeconds: 1 })
  await until('it pinged three times', () => broker.packets('pingreq').length >= 3)
  const history = await shard.stop()
  await broker.close()
  assert.equal(history.story(0), ['scheduled', 'attempt', 'connected 0', 'left stopped'])
})

test('the round trip of an answered ping is recorded, once', () => {
  const micros: number[] = []
  const deadlines = { set: () => {}, cancel: () => {} } as unknown as Deadlines<Client>
  const keepAlive = new KeepAlive(60, deadlines, { record: (value) => micros.push(value) })
  const client = { pingedMs: 0, keepAliveMs: 0, socket: { write: () => true } } as unknown as Client
  keepAlive.begin(client, 0, undefined)
  keepAlive.onPingresp(client, 500)
  keepAlive.ping(client, 1000)
  keepAlive.onPingresp(client, 1012.5)
  keepAlive.onPingresp(client, 1013)
  assert.equal(micros, [12_500])
})

test('a ping without an answer ends the connection: keepalive-timeout', async () => {
  const broker = await FakeBroker.listen({ onPacket: () => undefined })
  const shard = startShard(broker.port, { keepAliveSeconds: 1 })
  await until('the client is back', () => shard.counters().connected === 2)
  const history = await shard.stop()
  await broker.close()
  const [, , connected, lost] = history.of(0)
  assert.is(lost!.kind, 'disconnected')
  assert.is(lost!.reason, 'keepalive-timeout')
  // A ping after 0.9 intervals, half an interval for the answer.
  assert.ok(lost!.t - connected!.t >= 1.4e9, `after ${(lost!.t - connected!.t) / 1e6} ms`)
  assert.is(broker.visits[0]!.packets.filter(({ cmd }) => cmd === 'pingreq').length, 1)
})

test('the keep-alive that an MQTT 5 server names replaces the client’s', async () => {
  const broker = await FakeBroker.listen({
    onConnect: (visit) => visit.accept(false, { serverKeepAlive: 1 }),
  })
  const shard = startShard(broker.port, { keepAliveSeconds: 60_000 })
  await until('it pinged', () => broker.packets('pingreq').length >= 1)
  await shard.stop()
  await broker.close()
})

test('a keep-alive of 0 sends no pings, whoever names it', async () => {
  for (const [keepAliveSeconds, properties] of [
    [0, {}],
    [1, { serverKeepAlive: 0 }],
  ] as const) {
    const broker = await FakeBroker.listen({ onConnect: (visit) => visit.accept(false, properties) })
    const pinging = await FakeBroker.listen()
    const shard = startShard(broker.port, { keepAliveSeconds })
    const clock = startShard(pinging.port, { keepAliveSeconds: 1 })
    await until('another client has pinged twice', () => pinging.packets('pingreq').length >= 2)
    await Promise.all([shard.stop(), clock.stop()])
    await Promise.all([broker.close(), pinging.close()])
    assert.is(broker.packets('pingreq').length, 0)
    assert.is(broker.visits.length, 1)
  }
})

test('a time-out that this side noticed late is given its time again', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { keepAliveSeconds: 1 })
  await until('a ping is under way', () => broker.packets('pingreq').length >= 1)
  // This thread, with client and broker, is stuck for longer than the answer may take: nobody else is to blame for it.
  const endMs = performance.now() + 1500
  while (performance.now() < endMs);
  await until('it pinged on', () => broker.packets('pingreq').length >= 3)
  const history = await shard.stop()
  await broker.close()
  assert.is(history.count('disconnected'), 0)
})

test.run()
