import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Relay } from '../support/relay.ts'
import { published, publisher, sequenceOf, startTraffic, subscriber } from '../support/traffic-fleet.ts'
import { until } from '../support/until.ts'

/** One fleet publishes, as `weir bench pub` does, and another listens, as `weir bench sub --verify` does. */
async function apart(lost: readonly number[]) {
  const relay = await Relay.start({
    forward(one, send) {
      if (!lost.includes(sequenceOf(one.payload))) send(one)
    },
  })
  const listening = await startTraffic([relay.target], {
    clients: 2,
    clientId: 's%i',
    otherFleets: true,
    groups: [subscriber('t/#', 1)],
  })
  await until('they are subscribed', () => listening.fleet.counters().subscribed === 2)
  const publishing = await startTraffic([relay.target], {
    clients: 2,
    clientId: 'p%i',
    groups: [publisher({ limit: 20 })],
  })
  await published(publishing.fleet, 20)
  const due = 2 * 2 * (10 - lost.length)
  await until('all have come', () => listening.fleet.counters().received === due)
  const report = await listening.finish()
  const own = await publishing.finish()
  await relay.close()
  return { report, own }
}

test('a fleet that listens to others accounts for each of their publishers', async () => {
  const { report, own } = await apart([])
  assert.is(report.foreign, 0)
  assert.is(report.publishers.length, 2)
  for (const { fleet, sent, qos, receipts } of report.publishers) {
    assert.match(fleet!, /^[0-9a-f]{6}$/)
    assert.equal({ sent, qos }, { sent: 10, qos: 1 })
    assert.equal(
      receipts.map(({ received, lost, duplicated }) => ({ received, lost, duplicated })),
      [
        { received: 10, lost: 0, duplicated: 0 },
        { received: 10, lost: 0, duplicated: 0 },
      ],
    )
  }
  const [latency] = report.latencies
  assert.is(latency!.count, 40)
  assert.ok(latency!.p50Ms > 0 && latency!.maxMs < 60_000, 'both read the same clock')
  assert.is(own.publishers.length, 2)
  assert.ok(own.publishers.every(({ receipts }) => receipts.length === 0))
})

test('what is missing between what came of another fleet is lost', async () => {
  const { report } = await apart([4, 7])
  for (const { receipts } of report.publishers)
    for (const { received, lost, lostSequences } of receipts)
      assert.equal({ received, lost, lostSequences }, { received: 8, lost: 2, lostSequences: [4, 7] })
})

test.run()
