/** MQTT 5 §3.1.3.1: a client that has no id gets one from the server, and keeps it. */

import { createHistogram } from 'node:perf_hooks'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CounterRow, makeCounterMemory } from '#weir/bench/counters/live-counters.ts'
import { fleetClock } from '#weir/bench/engine/clock.ts'
import { LeanShard } from '#weir/bench/engine/lean/lean-shard.ts'
import { type Columns, EventLog } from '#weir/bench/events/event-log.ts'
import { FakeBroker } from '../../support/fake-broker.ts'
import { shardSpec } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

test('each client asks for an id once, keeps it, and is known by it in topics and to the fleet', async () => {
  const broker = await FakeBroker.listen({
    onConnect: (visit) =>
      visit.accept(
        false,
        visit.connect.clientId === '' ? { assignedClientIdentifier: `given${broker.visits.length}` } : {},
      ),
  })
  const clients = 3
  const spec = shardSpec(broker.port, {
    clients,
    group: {
      name: 'g',
      share: 1,
      protocol: '5',
      persistent: true,
      subscribe: [{ topic: 'down/%c', qos: 1 }],
    },
  })
  spec.clients.ids.fill('')
  const batches: Columns[] = []
  const log = new EventLog((batch) => batches.push(batch))
  const counters = new CounterRow(makeCounterMemory(1), 0)
  const clock = fleetClock(process.hrtime.bigint())
  const shard = new LeanShard(spec, { clock, log, counters, lag: createHistogram() })
  shard.start(clock.nowMs())
  await until('all are online', () => counters.get('online') === clients)
  for (const { socket } of [...broker.visits]) socket.end()
  await until('all are back', () => counters.get('connected') === 2 * clients)
  await shard.stop(5000)
  await broker.close()
  log.flush()
  const asked = broker.visits.map(({ connect }) => connect.clientId)
  assert.equal(asked.slice(0, clients), ['', '', ''])
  assert.equal(asked.slice(clients).sort(), ['given1', 'given2', 'given3'])
  assert.equal(
    new Set(broker.packets('subscribe').map(({ subscriptions }) => subscriptions[0]!.topic)),
    new Set(['down/given1', 'down/given2', 'down/given3']),
  )
  const told = batches.flatMap(({ assignedIds = [] }) => assignedIds)
  assert.equal(told.map(({ client }) => client).sort(), [0, 1, 2])
  assert.equal(told.map(({ id }) => id).sort(), ['given1', 'given2', 'given3'])
})

test.run()
