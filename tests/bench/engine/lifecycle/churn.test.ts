/** Clients that come, stay, leave and come again: the rate goes on, on a virtual clock and with both engines on a real broker. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Churn } from '#weir/bench/engine/lifecycle/churn.ts'
import { FleetClient } from '#weir/bench/engine/lifecycle/fleet-client.ts'
import type { EngineName } from '#weir/bench/types.ts'
import { FakeBroker } from '../../support/fake-broker.ts'
import { shardSpec, startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

function churn(stayMs: number, periodMs: number) {
  const clients = [0, 1].map((slot) => new FleetClient(shardSpec(1883, { clients: 2 }), slot))
  const left: number[] = []
  const woken: number[] = []
  const clock = { nowMs: () => now.ms }
  const now = { ms: 1000 }
  const turns = new Churn({ stayMs, periodMs }, clients, {
    clock: clock as ConstructorParameters<typeof Churn>[2]['clock'],
    leave: ({ slot }) => left.push(slot),
    wakeAt: (dueMs) => woken.push(dueMs),
  })
  return { turns, clients, left, woken, now }
}

test('a client leaves when it has stayed for its time, unless it was lost before', () => {
  const { turns, clients, left, woken, now } = churn(500, 2000)
  turns.online(clients[0]!)
  turns.online(clients[1]!)
  assert.equal(woken, [1500, 1500])
  turns.offline(clients[1]!)
  now.ms = 1400
  turns.advance()
  assert.equal(left, [])
  now.ms = 1501
  turns.advance()
  assert.equal(left, [0])
})

test('its turns come once in a period, whenever it left', () => {
  const { turns, clients, now } = churn(500, 2000)
  turns.arrived(clients[0]!, 1000)
  now.ms = 1600
  assert.is(turns.nextTurnMs(clients[0]!), 3000)
  now.ms = 3700
  assert.is(turns.nextTurnMs(clients[0]!), 5000)
  // It was connected for longer than a period: its turn is past, and the one after it is not moved.
  now.ms = 7300
  assert.is(turns.nextTurnMs(clients[0]!), 7300)
  now.ms = 7400
  assert.is(turns.nextTurnMs(clients[0]!), 9000)
  // Turns that are wholly past are left out.
  now.ms = 20_100
  assert.is(turns.nextTurnMs(clients[0]!), 20_100)
  now.ms = 20_200
  assert.is(turns.nextTurnMs(clients[0]!), 21_000)
})

for (const engine of ['lean', 'mqttjs'] as EngineName[])
  test(`${engine}: every connection ends with DISCONNECT, and a lost or failed one comes again at its turn`, async () => {
    let visits = 0
    const broker = await FakeBroker.listen({
      onConnect(visit) {
        visits++
        if (visits === 2) visit.refuse(0x89)
        else visit.accept()
        if (visits === 3) visit.socket.destroy()
      },
    })
    const shard = startShard(broker.port, { engine, churn: { stayMs: 60, periodMs: 200 } })
    await until('it came six times', () => shard.counters().connected >= 6)
    const history = await shard.stop()
    await broker.close()
    const story = history.story(0).slice(0, 14)
    assert.equal(story.slice(0, 12), [
      ...['scheduled', 'attempt', 'connected 0', 'left', 'attempt', `refused connack ${0x89}`],
      ...['attempt', 'connected 0', story[8]!, 'attempt', 'connected 0', 'left'],
    ])
    assert.match(story[8]!, /^disconnected (closed|reset)/)
    const [visit] = broker.visits
    assert.equal(
      visit!.packets.map(({ cmd }) => cmd),
      ['disconnect'],
    )
    const attempts = history.rows.filter(({ kind }) => kind === 'attempt').map(({ t }) => t / 1e6)
    const planned = history.rows[0]!.t / 1e6
    for (const [k, ms] of attempts.entries())
      assert.ok(ms >= planned + 200 * k - 1, `attempt ${k} at ${ms - planned} ms`)
  })

test.run()
