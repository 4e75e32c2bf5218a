import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { noMosquitto, startMosquitto } from '../brokers/mosquitto.ts'
import { Cutter } from '../support/cutter.ts'
import { publisher, startTraffic, subscriber } from '../support/traffic-fleet.ts'
import { until } from '../support/until.ts'

const CUTS = 60
const CUT_EVERY_MS = 30
/**
 * mosquitto's window. MQTT 3.1.1 cannot tell a client of it, and mosquitto 2.0.11 acknowledges QoS 2 messages beyond it that it does
 * not pass on: publishers stay within it by themselves.
 */
const WINDOW = 50

/** Publishers and subscribers that keep their sessions, over connections that are cut all the time. */
async function cutUp(qos: 1 | 2, protocol: '3.1.1' | '5') {
  const broker = await startMosquitto({
    config: `max_queued_messages 1000000\nmax_inflight_messages ${WINDOW}`,
  })
  const cutter = await Cutter.before(broker.targets[0]!)
  const lasting = { persistent: true, protocol }
  const { fleet, finish } = await startTraffic([cutter.target], {
    clients: 10,
    groups: [
      publisher({ qos, everyMs: 5, limit: 0, inFlight: WINDOW }, lasting),
      subscriber('t/#', qos, lasting),
    ],
  })
  await until('traffic runs', () => fleet.counters().acknowledged > 100)
  const cutting = setInterval(() => cutter.cut(qos), CUT_EVERY_MS)
  await until('it was cut often', () => cutter.cuts >= CUTS)
  clearInterval(cutting)
  await until('all are back', () => fleet.counters().online === 10 && fleet.counters().subscribed === 5)
  const report = await finish(30_000)
  await cutter.close()
  await broker.stop()
  assert.is(report.settled, true)
  assert.ok(fleet.counters().disconnected >= CUTS / 2)
  for (const { sent, acknowledged, abandoned, refused } of report.publishers)
    assert.equal({ acknowledged, abandoned, refused }, { acknowledged: sent, abandoned: 0, refused: 0 })
  return report.publishers.flatMap(({ sent, receipts }) => receipts.map((receipt) => ({ sent, ...receipt })))
}

if (noMosquitto) {
  console.log(noMosquitto)
  test.skip('mosquitto', () => undefined)
} else {
  // That they come only once is not held here: on a loaded machine mosquitto 2.0.11 sends a subscriber that comes back old QoS 2
  // messages anew, to both engines. Whose fault that is has not been found out.
  for (const protocol of ['3.1.1', '5'] as const)
    test(`MQTT ${protocol}, QoS 2: cut wherever they are, sessions deliver every message`, async () => {
      for (const { sent, received, lost, missed } of await cutUp(2, protocol))
        assert.equal({ received, lost, missed }, { received: sent, lost: 0, missed: 0 })
    })

  for (const protocol of ['3.1.1', '5'] as const)
    test(`MQTT ${protocol}, QoS 1: cut wherever they are, sessions deliver every message at least once, and copies are explained`, async () => {
      const all = await cutUp(1, protocol)
      for (const { sent, received, lost, missed, duplicated, redelivered } of all) {
        assert.equal({ received, lost, missed }, { received: sent, lost: 0, missed: 0 })
        assert.is(redelivered, duplicated)
      }
      const copies = all.reduce((sum, { duplicated }) => sum + duplicated, 0)
      assert.ok(copies > 0, 'the cuts hit something')
    })
}

test.run()
