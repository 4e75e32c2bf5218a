import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Fleet } from '#weir/bench/types.ts'
import type { LedgerReport } from '#weir/facts/index.ts'
import { has, testWith } from '../../support/programs.ts'
import { startMosquitto } from '../brokers/mosquitto.ts'
import { publisher, startTraffic, subscriber } from '../support/traffic-fleet.ts'
import { until } from '../support/until.ts'

const PAIRS_EACH = 200
const MESSAGES = 400

/** A broker that drops nothing because a queue is full. */
const PATIENT = { config: 'max_queued_messages 1000000\nmax_inflight_messages 100' }
const SETTLE_MS = 30_000

function sum(report: LedgerReport, of: 'received' | 'lost' | 'missed' | 'duplicated' | 'reordered'): number {
  return report.publishers.flatMap(({ receipts }) => receipts).reduce((all, receipt) => all + receipt[of], 0)
}

const sumOf = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0)

/** Deliveries in the latencies of a fleet that is there. */
const counted = (fleet: Fleet) =>
  sumOf(fleet.latencies().flatMap(({ of, counts }) => (of === 'delivery' ? counts : [])))

function assertExact(report: LedgerReport, receipts: number, received: number): void {
  assert.is(report.settled, true)
  assert.is(report.publishers.flatMap((one) => one.receipts).length, receipts)
  const told = ['received', 'lost', 'missed', 'duplicated', 'reordered'] as const
  assert.equal(Object.fromEntries(told.map((of) => [of, sum(report, of)])), {
    received,
    lost: 0,
    missed: 0,
    duplicated: 0,
    reordered: 0,
  })
}

if (!has('mosquitto')) testWith('mosquitto')('mosquitto', () => undefined)
else {
  for (const qos of [0, 1, 2] as const)
    test(`200 publishers and 200 subscribers of QoS ${qos}: every message exactly once`, async () => {
      const broker = await startMosquitto(PATIENT)
      const { fleet, finish } = await startTraffic(broker.targets, {
        clients: 2 * PAIRS_EACH,
        workers: qos === 1 ? 2 : 1,
        groups: [publisher({ qos, everyMs: 500, limit: MESSAGES }), subscriber('t/+', qos)],
      })
      await until('all is published', () => fleet.counters().published === MESSAGES)
      await until('all are counted while the fleet is there', () => counted(fleet) === MESSAGES * PAIRS_EACH)
      const report = await finish(SETTLE_MS)
      assertExact(report, PAIRS_EACH * PAIRS_EACH, MESSAGES * PAIRS_EACH)
      const { published, acknowledged, received } = fleet.counters()
      assert.equal(
        { published, acknowledged, received },
        {
          published: MESSAGES,
          acknowledged: qos === 0 ? 0 : MESSAGES,
          received: MESSAGES * PAIRS_EACH,
        },
      )
      const delivery = report.latencies.find(({ of }) => of === 'delivery')!
      assert.is(delivery.count, MESSAGES * PAIRS_EACH)
      assert.is(sumOf(delivery.buckets!.counts), MESSAGES * PAIRS_EACH)
      await broker.stop()
    })

  for (const [workers, processes] of [
    [1, 0],
    [2, 0],
    [1, 2],
  ] as const)
    test(`a shared subscription over ${workers} threads in ${processes || 'no'} processes: each message to one member`, async () => {
      const broker = await startMosquitto(PATIENT)
      const { fleet, finish } = await startTraffic(broker.targets, {
        clients: 30,
        workers,
        processes,
        groups: [
          publisher({ everyMs: 10, limit: 300 }, { share: 2 }),
          subscriber('$share/g/t/+', 1, { share: 3 }),
          subscriber('$share/h/#', 1, { name: 'others', share: 2 }),
          subscriber('t/+', 1, { name: 'alone', share: 1 }),
        ],
      })
      await until('all is published', () => fleet.counters().published === 300)
      const report = await finish(SETTLE_MS)
      const publishers = report.publishers.length
      const shares = report.publishers.flatMap(({ receipts }) => receipts).filter(({ share }) => share)
      assert.is(shares.length, 2 * publishers)
      const alone = fleet.table.group.filter((group) => group === 3).length
      assert.ok(alone > 0)
      assertExact(report, (2 + alone) * publishers, (2 + alone) * 300)
      assert.is(fleet.counters().received, (2 + alone) * 300)
      await broker.stop()
    })

  test('a broker that is killed loses what it had, and the ledger says what it promised', async () => {
    const broker = await startMosquitto(PATIENT)
    const { fleet, finish } = await startTraffic(broker.targets, {
      clients: 20,
      reconnect: { kind: 'fixed', baseMs: 100 },
      groups: [publisher({ everyMs: 10, limit: 0 }), subscriber('t/+', 1)],
    })
    await until('some is published', () => fleet.counters().acknowledged > 200)
    await broker.kill()
    await until('all have lost it', () => fleet.counters().online === 0)
    await broker.start()
    await until('all are back', () => fleet.counters().subscribed === 10 && fleet.counters().online === 20)
    const before = fleet.counters().acknowledged
    await until('traffic goes on', () => fleet.counters().acknowledged > before + 500)
    const report = await finish(SETTLE_MS)
    for (const { sent, acknowledged, refused, abandoned } of report.publishers)
      assert.is(sent, acknowledged + refused + abandoned, 'nothing is unaccounted for')
    assert.ok(report.publishers.every(({ skipped }) => skipped > 0))
    // Nobody kept a session, so what passed meanwhile is owed to nobody.
    assert.is(sum(report, 'lost'), 0)
    assert.is(sum(report, 'duplicated'), 0)
    for (const { sent, receipts } of report.publishers)
      for (const { received, missed } of receipts) assert.is(received + missed, sent)
    await broker.stop()
  })
}

test.run()
