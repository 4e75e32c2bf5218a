import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  firstPlannedFrom,
  MARK_SLACK_MS,
  PublisherLedger,
  plannedNotBefore,
} from '#weir/bench/ledger/publisher-ledger.ts'

/** Sends a message for each pause: how many due ones are skipped before it. */
function account(everyMs: number, skips: readonly number[]) {
  const planned: number[] = []
  const one = new PublisherLedger(7, everyMs)
  let k = 0
  for (const skip of skips) {
    k += skip
    planned.push(1000 + k * everyMs)
    assert.is(one.send(planned.at(-1)!), planned.length)
    k++
  }
  return { row: one.row([]), planned }
}

const skips = fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(40)), {
  minLength: 1,
  maxLength: 400,
  size: 'max',
})

test('a message is never said to be due later than it was, and hardly earlier while every mark is kept', () => {
  fc.assert(
    fc.property(fc.constantFrom(5, 20, 500), skips, (everyMs, pauses) => {
      const { row, planned } = account(everyMs, pauses)
      for (const [i, plannedMs] of planned.entries()) {
        const told = plannedNotBefore(row.marks, everyMs, i + 1)
        assert.ok(told <= plannedMs, `${i + 1}: ${told} > ${plannedMs}`)
        if (row.exact) assert.ok(told >= plannedMs - MARK_SLACK_MS)
      }
      assert.ok(row.marks.length <= 64)
    }),
  )
})

test('the first message from an instant on is certainly from then on, and found in any range', () => {
  fc.assert(
    fc.property(skips, fc.nat(20_000), (pauses, instantMs) => {
      const { row, planned } = account(20, pauses)
      const first = firstPlannedFrom(row, { from: 1, to: planned.length }, instantMs)
      for (let sequence = first; sequence <= planned.length; sequence++)
        assert.ok(planned[sequence - 1]! >= instantMs)
      if (first > 1) assert.ok(plannedNotBefore(row.marks, 20, first - 1) < instantMs)
    }),
  )
})

test('what is in flight, refused or abandoned is not acknowledged; what was sent again is remembered', () => {
  const one = new PublisherLedger(0, 10)
  for (let k = 0; k < 10; k++) one.send(k * 10)
  one.refuse(3)
  one.abandon(7)
  one.resend(8)
  const { unacknowledged, resent, refused, abandoned, overflow } = one.row([9, 10])
  assert.equal(unacknowledged, [
    { from: 3, to: 3 },
    { from: 7, to: 7 },
    { from: 9, to: 10 },
  ])
  assert.equal(resent, [{ from: 8, to: 8 }])
  assert.equal({ refused, abandoned, overflow }, { refused: 1, abandoned: 1, overflow: false })
})

test('an account that cannot name all of them says so', () => {
  const one = new PublisherLedger(0, 10)
  for (let k = 1; k <= 1000; k++) {
    one.send(k)
    if (k % 2) one.refuse(k)
  }
  const { refused, overflow } = one.row([])
  assert.is(refused, 500)
  assert.is(overflow, true)
})

test('a publisher that has sent all its numbers says so', () => {
  const one = new PublisherLedger(7, 0)
  one.sent = 2 ** 32 - 2
  assert.is(one.row([]).usedUp, undefined)
  assert.is(one.send(0), 2 ** 32 - 1)
  assert.is(one.row([]).usedUp, true)
})

test.run()
