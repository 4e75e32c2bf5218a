import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ownReconnect } from '#weir/bench/engine/mqttjs/options.ts'
import { FakeBroker } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

test('the package comes back by itself with the presets of its name, and by weir with every other', () => {
  const own = ownReconnect({ preset: 'mqttjs' })
  assert.equal(own, { reconnectPeriod: 1000, reconnectOnConnackError: true })
  const asIs = ownReconnect({ preset: 'mqttjs-as-is' })
  assert.equal(asIs, { reconnectPeriod: 1000, reconnectOnConnackError: false })
  const weirs = { reconnectPeriod: 0, reconnectOnConnackError: false }
  assert.equal(ownReconnect({ preset: 'paho-java' }), weirs)
  assert.equal(ownReconnect({ kind: 'fixed', baseMs: 1000 }), weirs)
})

test('mqttjs: refused or thrown out, the package waits its second', async () => {
  const broker = await FakeBroker.listen({
    onConnect(visit) {
      if (broker.visits.length === 1) visit.refuse(0x88)
      else visit.accept()
    },
  })
  const shard = startShard(broker.port, { engine: 'mqttjs', reconnect: { preset: 'mqttjs' } })
  await until('it is online', () => shard.counters().online === 1)
  broker.visits[1]!.socket.destroy()
  await until('it is back', () => shard.counters().connected === 2)
  const history = await shard.stop()
  await broker.close()
  const rows = history.of(0)
  // Late on a busy machine, never early: Node's timers round down by less than a millisecond.
  for (const [i, { kind, t }] of rows.entries())
    if (kind === 'refused' || kind === 'disconnected') assert.ok(rows[i + 1]!.t - t >= 0.998e9)
})

test('mqttjs-as-is: refused, the package never tries again, and the client is reported as lost', async () => {
  const broker = await FakeBroker.listen({ onConnect: (visit) => visit.refuse(0x88) })
  const shard = startShard(broker.port, { engine: 'mqttjs', reconnect: { preset: 'mqttjs-as-is' } })
  await until('it gave up', () => shard.counters().gaveUp === 1)
  const history = await shard.stop()
  await broker.close()
  assert.equal(history.story(0), [
    'scheduled',
    'attempt',
    `refused connack ${0x88}`,
    'gave-up policy-exhausted',
  ])
  assert.is(broker.visits.length, 1)
})

test('with the policy of another client, the package waits what that one waits', async () => {
  const broker = await FakeBroker.listen({ onConnect: (visit) => visit.refuse(0x97) })
  const reconnect = { kind: 'exponential', baseMs: 50, tries: 3 } as const
  const shard = startShard(broker.port, { engine: 'mqttjs', reconnect })
  await until('it gave up', () => shard.counters().gaveUp === 1)
  const history = await shard.stop()
  await broker.close()
  const ends = history.of(0).filter(({ kind }) => kind === 'refused')
  const starts = history.of(0).filter(({ kind }) => kind === 'attempt')
  assert.is(starts.length, 4)
  for (const [i, waitMs] of [50, 100, 200].entries())
    assert.ok(starts[i + 1]!.t - ends[i]!.t >= waitMs * 1e6, `wait ${i}`)
})

test.run()
