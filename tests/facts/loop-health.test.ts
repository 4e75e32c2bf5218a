import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { joinedLoopHealth, LATE_MS, lateTimeOf, loopHealthOf, worseLateTime } from '#weir/facts/index.ts'
import { LoopProbe } from '#weir/facts/loop-probe.ts'

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

test('a loop that is blocked shows it, and the next reading starts anew', async () => {
  const probe = new LoopProbe()
  await new Promise((resolve) => setTimeout(resolve, 100))
  probe.read()
  for (const endMs = performance.now() + 300; performance.now() < endMs; );
  await new Promise((resolve) => setTimeout(resolve, 50))
  const { loopDelayMaxMs, lateMs, watchedMs } = probe.read()
  assert.ok(loopDelayMaxMs >= 250, `${loopDelayMaxMs}`)
  assert.ok(lateMs >= 200 && lateMs < watchedMs, `${lateMs} of ${watchedMs}`)
  probe.stop()
})

test('a turn that a reset hid is seen in what the others do not cover', () => {
  const turns = histogramOf(Array(24).fill(0))
  const delays = { ...turns, max: turns.percentile(100), mean: 20e6 }
  assert.equal(loopHealthOf(delays, PERIOD_MS, 500), {
    ...{ watchedMs: 500, lateMs: 0, loopDelayP99Ms: 0, loopDelayMaxMs: 0 },
  })
  assert.equal(loopHealthOf(delays, PERIOD_MS, 800), {
    ...{ watchedMs: 800, lateMs: 250, loopDelayP99Ms: 300, loopDelayMaxMs: 300 },
  })
  const none = { count: 0, percentile: () => Number.NaN, max: 0, mean: Number.NaN }
  assert.is(loopHealthOf(none, PERIOD_MS, 2000).loopDelayMaxMs, 1980)
})

test('readings are joined: times add up, delays are the larger ones', () => {
  const a = { watchedMs: 100, lateMs: 10, loopDelayP99Ms: 5, loopDelayMaxMs: 70 }
  const b = { watchedMs: 300, lateMs: 0, loopDelayP99Ms: 8, loopDelayMaxMs: 20 }
  assert.equal(joinedLoopHealth(a, b), { watchedMs: 400, lateMs: 10, loopDelayP99Ms: 8, loopDelayMaxMs: 70 })
})

test.run()
