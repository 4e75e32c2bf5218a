import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MARK_SLACK_MS, PublisherLedger } from '#weir/bench/ledger/publisher-ledger.ts'
import { Receipts } from '#weir/bench/ledger/receipts.ts'
import { ROUTE_GRACE_MS, settlePair, settleShare } from '#weir/bench/ledger/settle-pair.ts'

const EVERY_MS = 100
const START_MS = 10_000

/** What happens around each message, and to the message. */
const moment = fc.record({
  /** Before it the subscriber loses its connection, and with or without its session. */
  subscriber: fc.oneof(
    { weight: 20, arbitrary: fc.constant('stays' as const) },
    fc.constantFrom('comes back' as const, 'comes back without its session' as const),
  ),
  acknowledged: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
  comes: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
})

test('lost is what was acknowledged and due while the subscription stood, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.array(moment, { minLength: 1, maxLength: 200, size: 'max' }),
      fc.boolean(),
      (moments, online) => {
        const account = new PublisherLedger(0, EVERY_MS)
        const receipts = new Receipts(32)
        const subscriber = { client: 1, epoch: 1, sinceMs: START_MS - ROUTE_GRACE_MS, online }
        let connection = 1
        /** What the slow judge remembers: of each message that did not come, when and to which session. */
        const absent: { sequence: number; plannedMs: number; epoch: number; acknowledged: boolean }[] = []
        const lastOf = new Map<number, number>()
        const sinceOf = new Map([[1, subscriber.sinceMs]])
        for (const [k, { subscriber: what, acknowledged, comes }] of moments.entries()) {
          const plannedMs = START_MS + k * EVERY_MS
          if (what !== 'stays') connection++
          if (what === 'comes back without its session') {
            subscriber.epoch++
            subscriber.sinceMs = plannedMs - 1
            sinceOf.set(subscriber.epoch, subscriber.sinceMs)
          }
          const sequence = account.send(plannedMs)
          if (!acknowledged) account.refuse(sequence)
          if (comes) {
            const { epoch, sinceMs } = subscriber
            receipts.take(1, 0, 0, sequence, {
              ...{ epoch, sinceMs, connection, qos: 1, duplicateFlag: false, nowMs: plannedMs },
            })
            lastOf.set(epoch, sequence)
          } else absent.push({ sequence, plannedMs, epoch: subscriber.epoch, acknowledged })
        }
        const [receipt] = [...receipts.list()]
        const finding = settlePair(account.row([]), subscriber, receipt, 1, 1)
        const owed = absent.filter(({ sequence, plannedMs, epoch, acknowledged }) => {
          if (!acknowledged) return false
          const last = lastOf.get(epoch) ?? 0
          // Behind the last one of a session that was lost, nothing is owed; in the last session only while it was online.
          const inTime = epoch === subscriber.epoch ? online || sequence < last : sequence < last
          // A gap that reaches over a new session is owed from a little after it stood.
          const before = Math.max(
            0,
            ...[...lastOf].filter(([e]) => e < epoch).map(([, sequence]) => sequence),
          )
          const first = [...Array(moments.length).keys()]
            .map((k) => k + 1)
            .find((s) => s > before && !absent.some((one) => one.sequence === s))
          const spansNew = first === undefined || sequence < first
          const stood = plannedMs >= sinceOf.get(epoch)! + ROUTE_GRACE_MS
          return inTime && (!spansNew || stood)
        })
        assert.is(finding.received, moments.length - absent.length)
        assert.is(finding.lost + finding.missed, absent.length)
        if ((receipt?.excuses.length ?? 0) < 16) assert.is(finding.lost, owed.length)
        else assert.ok(finding.lost <= owed.length)
        assert.equal(
          finding.lostSequences,
          finding.lost === owed.length
            ? owed.slice(0, 8).map(({ sequence }) => sequence)
            : finding.lostSequences,
        )
      },
    ),
    { numRuns: 300 },
  )
})

test('a subscriber that was never there is owed nothing, one that got nothing everything', () => {
  const account = new PublisherLedger(0, EVERY_MS)
  for (let k = 0; k < 10; k++) account.send(START_MS + k * EVERY_MS)
  const row = account.row([])
  assert.is(settlePair(row, undefined, undefined, 1, 1).missed, 10)
  const there = { client: 1, epoch: 1, sinceMs: 0, online: true }
  const { lost, lostSequences, lostT } = settlePair(row, there, undefined, 1, 1)
  assert.is(lost, 10)
  assert.equal(lostT, [START_MS * 1e6, (START_MS + 9 * EVERY_MS + MARK_SLACK_MS) * 1e6])
  assert.is(settlePair({ ...row, exact: false }, there, undefined, 1, 1).lostT, undefined, 'marks are bounds')
  assert.equal(lostSequences, [1, 2, 3, 4, 5, 6, 7, 8])
})

test('a new session that has got nothing yet is owed what was due a little after it stood', () => {
  const account = new PublisherLedger(0, EVERY_MS)
  for (let k = 0; k < 30; k++) account.send(START_MS + k * EVERY_MS)
  const receipts = new Receipts()
  const how = { epoch: 1, sinceMs: 0, connection: 1, qos: 1, duplicateFlag: false, nowMs: 0 } as const
  for (let sequence = 1; sequence <= 10; sequence++) receipts.take(1, 0, 0, sequence, how)
  const subscriber = { client: 1, epoch: 2, sinceMs: START_MS + 15 * EVERY_MS, online: true }
  const finding = settlePair(account.row([]), subscriber, [...receipts.list()][0], 1, 1)
  // Number 21 was due 500 ms after the subscription stood.
  assert.equal([finding.received, finding.missed, finding.lost], [10, 10, 10])
  assert.is(finding.lostSequences[0], 21)
})

test('a shared subscription owes what no member took with it', () => {
  const account = new PublisherLedger(0, EVERY_MS)
  for (let k = 0; k < 300; k++) account.send(START_MS + k * EVERY_MS)
  const row = account.row([])
  assert.is(settleShare(row, 0, [], undefined, 1).lost, 300)
  assert.is(settleShare(row, Number.POSITIVE_INFINITY, [], undefined, 1).lost, 0)
  // Away from second 20 to 21: what was due up to 5 s before, and half a second after, may have gone with it.
  const away = { fromMs: START_MS + 20_000, toMs: START_MS + 21_000 }
  const { lost, missed } = settleShare(row, 0, [away], undefined, 1)
  assert.is(lost + missed, 300)
  assert.ok(missed >= 65 && missed <= 67, `${missed} missed`)
})

test.run()
