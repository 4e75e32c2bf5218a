import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LATE_MS, lateTimeOf, worseLateTime } from '#weir/bench/fleet/health.ts'

const PERIOD_MS = 20

/** A histogram that keeps every value: percentile p is the value of rank ceil(p/100 × count). */
const histogramOf = (delaysMs: number[]) => {
  const sorted = delaysMs.map((ms) => (ms + PERIOD_MS) * 1e6).sort((a, b) => a - b)
  return {
    count: sorted.length,
    percentile: (p: number) => sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? 0,
  }
}

test('late time is what each delay has beyond the limit, all of them together', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 120 }), (delaysMs) => {
      const expected = delaysMs.reduce((sum, ms) => sum + Math.max(0, ms - LATE_MS), 0)
      const { lateMs, watchedMs } = lateTimeOf(histogramOf(delaysMs), PERIOD_MS, 1000)
      assert.ok(Math.abs(lateMs - expected) < 1e-6, `${lateMs} instead of ${expected}`)
      assert.is(watchedMs, 1000)
    }),
  )
})

test('one long stall weighs what it lasts, not one turn', () => {
  const { lateMs } = lateTimeOf(histogramOf([...Array(36).fill(1), 300]), PERIOD_MS, 1000)
  assert.ok(Math.abs(lateMs - 250) < 1e-6)
})

test('the worse of two loops has the larger share', () => {
  const little = { watchedMs: 1000, lateMs: 30 }
  const much = { watchedMs: 100, lateMs: 20 }
  assert.is(worseLateTime(little, much), much)
  assert.is(worseLateTime(much, little), much)
  assert.is(worseLateTime({ watchedMs: 0, lateMs: 0 }, little), little)
})

test.run()
