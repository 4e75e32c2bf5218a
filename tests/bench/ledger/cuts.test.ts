import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PublishSpec, Target } from '#weir/bench/types.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'
import { has, testWith } from '../../support/programs.ts'
import { openEmqx } from '../behaviour/stages/emqx.ts'
import { startMosquitto } from '../brokers/mosquitto.ts'
import { Cutter } from '../support/cutter.ts'
import { publisher, startTraffic, subscriber } from '../support/traffic-fleet.ts'
import { until } from '../support/until.ts'

const CUTS = 60
const CUT_EVERY_MS = 30
/**
 * What publishers keep in flight. MQTT 3.1.1 cannot tell a client of a broker's, and mosquitto 2.0.11 acknowledges QoS 2 messages
 * beyond it that it does not pass on: publishers stay within it by themselves.
 */
const WINDOW = 50
/** No more than EMQX queues for one client that is away. */
const EMQX_MESSAGES = 1000

interface CutBroker {
  target: Target
  stop(): Promise<void>
}

async function openMosquitto(): Promise<CutBroker> {
  const broker = await startMosquitto({
    config: `max_queued_messages 1000000\nmax_inflight_messages ${WINDOW}`,
  })
  return { target: broker.targets[0]!, stop: () => broker.stop() }
}

/** Publishers and subscribers that keep their sessions, over connections that are cut all the time. */
async function cutUp(
  broker: CutBroker,
  protocol: ProtocolVersion,
  publish: Pick<PublishSpec, 'qos' | 'everyMs' | 'limit'>,
) {
  const cutter = await Cutter.before(broker.target)
  const lasting = { persistent: true, protocol }
  const { fleet, finish } = await startTraffic([cutter.target], {
    clients: 10,
    groups: [publisher({ ...publish, inFlight: WINDOW }, lasting), subscriber('t/#', publish.qos, lasting)],
  })
  await until('traffic runs', () => fleet.counters().acknowledged > 100)
  const cutting = setInterval(() => cutter.cut(publish.qos), CUT_EVERY_MS)
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

for (const protocol of ['3.1.1', '5'] as const)
  test(`MQTT ${protocol}, QoS 2: cut wherever they are, sessions of EMQX deliver every message exactly once`, async () => {
    const all = await cutUp(await openEmqx(), protocol, { qos: 2, everyMs: 10, limit: EMQX_MESSAGES })
    assert.is(all.length, 25)
    for (const { sent, received, lost, missed, duplicated } of all)
      assert.equal(
        { received, lost, missed, duplicated },
        { received: sent, lost: 0, missed: 0, duplicated: 0 },
      )
  })

if (!has('mosquitto')) testWith('mosquitto')('mosquitto', () => undefined)
else {
  // Exactly once is not held here: mosquitto 2.0.11 sends released messages anew where a connection dies while it repeats its
  // PUBRELs (docs/ledger.md).
  for (const protocol of ['3.1.1', '5'] as const)
    test(`MQTT ${protocol}, QoS 2: cut wherever they are, sessions of mosquitto deliver every message`, async () => {
      const all = await cutUp(await openMosquitto(), protocol, { qos: 2, everyMs: 5, limit: 0 })
      for (const { sent, received, lost, missed } of all)
        assert.equal({ received, lost, missed }, { received: sent, lost: 0, missed: 0 })
    })

  for (const protocol of ['3.1.1', '5'] as const)
    test(`MQTT ${protocol}, QoS 1: cut wherever they are, sessions deliver every message at least once, and copies are explained`, async () => {
      const all = await cutUp(await openMosquitto(), protocol, { qos: 1, everyMs: 5, limit: 0 })
      for (const { sent, received, lost, missed, duplicated, redelivered } of all) {
        assert.equal({ received, lost, missed }, { received: sent, lost: 0, missed: 0 })
        assert.is(redelivered, duplicated)
      }
      const copies = all.reduce((sum, { duplicated }) => sum + duplicated, 0)
      assert.ok(copies > 0, 'the cuts hit something')
    })
}

test.run()
