import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { countLateTurns, LATE_TURN_MS, worseTurns } from '#weir/bench/fleet/late-turns.ts'

const PERIOD_MS = 20

/** A histogram that keeps every value: percentile p is the value of rank ceil(p/100 × count). */
const histogramOf = (delaysMs: number[]) => {
  const sorted = delaysMs.map((ms) => (ms + PERIOD_MS) * 1e6).sort((a, b) => a - b)
  return {
    count: sorted.length,
    percentile: (p: number) => sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? 0,
  }
}

test('counts exactly the turns that came later than the limit', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 120 }), (delaysMs) => {
      const late = delaysMs.filter((ms) => ((ms + PERIOD_MS) * 1e6) / 1e6 - PERIOD_MS > LATE_TURN_MS).length
      assert.equal(countLateTurns(histogramOf(delaysMs), PERIOD_MS), { turns: delaysMs.length, late })
    }),
  )
})

test('the worse of two loops has the larger share, not the larger number', () => {
  assert.equal(worseTurns({ turns: 100, late: 3 }, { turns: 10, late: 2 }), { turns: 10, late: 2 })
  assert.equal(worseTurns({ turns: 10, late: 2 }, { turns: 100, late: 3 }), { turns: 10, late: 2 })
  assert.equal(worseTurns({ turns: 0, late: 0 }, { turns: 10, late: 0 }), { turns: 10, late: 0 })
})

test.run()
