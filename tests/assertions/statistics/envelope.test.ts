/** The level that follows events as they come reaches exactly the tightest burst of all of them. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EnvelopeLevel, envelopeBound, tightestBurst } from '#weir/assertions/statistics/index.ts'

test('its peak is the tightest burst', () => {
  const times = fc.array(fc.integer({ min: 0, max: 1e11 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 1000 }), (unordered, rate) => {
      const t = unordered.toSorted((a, b) => a - b)
      const level = new EnvelopeLevel(rate)
      for (const at of t) level.add(at)
      assert.ok(Math.abs(level.peak - tightestBurst(t, rate).size) < 1e-6)
    }),
  )
})

test('it drains at the rate, and never below zero', () => {
  const level = new EnvelopeLevel(2)
  assert.is(level.at(5e9), 0)
  for (let i = 0; i < 4; i++) level.add(1e9)
  assert.is(level.at(1e9), 4)
  assert.is(level.at(2e9), 2)
  assert.is(level.at(9e9), 0)
  assert.is(level.peak, 4)
})

test('the bound is so many ticks of the rate, and the slack', () => {
  assert.is(envelopeBound(10, { ticks: 2, slack: 2 }), 22)
})

test.run()
