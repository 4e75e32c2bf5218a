import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { burstLevels } from '#weir/reports/series/burst.ts'
import { perSecondPeaks } from '#weir/reports/series/rate.ts'

const axis = {
  bucketNs: 0.25e9,
  count: 80,
  originT: 0,
  seconds: Array.from({ length: 80 }, (_, i) => (i + 1) / 4),
}

const times = () =>
  fc
    .array(fc.integer({ min: 0, max: 19_999 }), { maxLength: 120 })
    .map((list) => list.sort((a, b) => a - b).map((ms) => ms * 1e6))

/** b*(r) as the design writes it: sup over s < t of A(s,t] - r(t - s), with s just before an event. */
function tightestBySearch(events: number[], rate: number): number {
  let tightest = 0
  for (let first = 0; first < events.length; first++)
    for (let last = first; last < events.length; last++) {
      const count = last - first + 1
      tightest = Math.max(tightest, count - (rate * (events[last]! - events[first]!)) / 1e9)
    }
  return tightest
}

test('the highest level is the tightest burst', () => {
  fc.assert(
    fc.property(times(), fc.integer({ min: 1, max: 50 }), (events, rate) => {
      const { tightest, levels } = burstLevels(events, rate, axis)
      assert.ok(Math.abs(tightest - tightestBySearch(events, rate)) < 1e-6)
      assert.ok(Math.abs(Math.max(...levels) - tightest) < 1e-3)
    }),
  )
})

test('a burst is dated at its peak', () => {
  const { tightest, tightestT } = burstLevels([1e9, 5e9, 5.01e9, 5.02e9, 9e9], 10, axis)
  assert.ok(tightest > 2.7 && tightest < 3)
  assert.is(tightestT, 5.02e9)
})

test('the most within one second is never missed, wherever the bucket edges lie', () => {
  fc.assert(
    fc.property(times(), (events) => {
      const most = events.reduce(
        (peak, t) => Math.max(peak, events.filter((it) => it > t - 1e9 && it <= t).length),
        0,
      )
      assert.is(Math.max(...perSecondPeaks(events, axis)), most)
    }),
  )
})

test('a bucket without an event still shows the second that ends in it', () => {
  const peaks = perSecondPeaks([2.1e9, 2.2e9], axis)
  assert.equal(peaks.slice(7, 14), [0, 2, 2, 2, 2, 2, 0])
})

test.run()
