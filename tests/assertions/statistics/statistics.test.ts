/** Each statistic against a slow, obvious reference written as its definition reads. */
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  chanceOfAtLeast,
  evenSpreadPValue,
  peakOf,
  quantile,
  rangeWithin,
  stepCount,
  theilSenSlope,
  tightestBurst,
} from '#weir/assertions/statistics/index.ts'

const S = 1e9
const times = fc
  .array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 60 })
  .map((ms) => ms.sort((a, b) => a - b).map((t) => t * 1e6))

/** sup over s < t of A(s,t] − r·(t−s), over all pairs of events. */
function slowBurst(t: number[], ratePerSecond: number): number {
  let most = 0
  for (let i = 0; i < t.length; i++)
    for (let j = i; j < t.length; j++)
      most = Math.max(most, j - i + 1 - (ratePerSecond * (t[j]! - t[i]!)) / S)
  return most
}

const near = (a: number, b: number, tolerance = 1e-6) =>
  Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))

test('the tightest burst is the supremum over all windows', () => {
  fc.assert(
    fc.property(times, fc.double({ min: 0.1, max: 500, noNaN: true }), (t, rate) => {
      const found = tightestBurst(t, rate)
      if (!near(found.size, slowBurst(t, rate))) return false
      const inside = t.filter((one) => one >= found.fromT && one <= found.toT).length
      return t.length === 0 || inside >= found.events
    }),
  )
})

test('an envelope with burst b holds exactly when b* is at most b', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 40 }), (t, rate, b) => {
      let holds = true
      for (let i = 0; i < t.length; i++)
        for (let j = i; j < t.length; j++)
          if (j - i + 1 > b + (rate * (t[j]! - t[i]!)) / S + 1e-9) holds = false
      return holds === tightestBurst(t, rate).size <= b + 1e-9
    }),
  )
})

test('EMQX ticks of R have a burst of R, two merged ticks one of 2R less what passed between', () => {
  const ticks = (starts: number[]) =>
    starts.flatMap((s) => Array.from({ length: 10 }, (_, i) => s * S + i * 1e6))
  assert.ok(near(tightestBurst(ticks([0, 1, 2, 3]), 10).size, 9.91, 0.01))
  assert.ok(near(tightestBurst(ticks([0, 1.35, 1.36, 3]), 10).size, 19.8, 0.01))
  assert.is(tightestBurst([], 10).size, 0)
})

test('large times do not eat the digits', () => {
  const t = Array.from({ length: 1000 }, (_, i) => 1e15 + i * 1e7)
  assert.ok(near(tightestBurst(t, 100).size, 1, 1e-3))
})

test('the Theil–Sen slope is the median of all slopes', () => {
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 2,
    maxLength: 25,
  })
  fc.assert(
    fc.property(points, (pairs) => {
      const slopes: number[] = []
      for (let i = 0; i < pairs.length; i++)
        for (let j = i + 1; j < pairs.length; j++) {
          const [a, b] = [pairs[i]!, pairs[j]!]
          if (a[0] !== b[0]) slopes.push((b[1] - a[1]) / (b[0] - a[0]))
        }
      slopes.sort((a, b) => a - b)
      const n = slopes.length
      const expected = n === 0 ? Number.NaN : (slopes[(n - 1) >> 1]! + slopes[n >> 1]!) / 2
      const found = theilSenSlope(
        pairs.map((one) => one[0]),
        pairs.map((one) => one[1]),
      )
      return Number.isNaN(expected) ? Number.isNaN(found) : near(found, expected)
    }),
  )
})

test('outliers do not bend the slope', () => {
  const x = Array.from({ length: 30 }, (_, i) => i)
  const y = x.map((i) => (i % 7 === 3 ? 500 : 1000 - 10 * i))
  assert.ok(Math.abs(theilSenSlope(x, y) + 10) < 0.5)
})

/** χ² by simulation is too slow to be exact, so: known values of the upper tail, from tables. */
test('p-values agree with tables', () => {
  // Two places, counts 60 and 40: χ² = 4 with 1 degree of freedom.
  assert.ok(near(evenSpreadPValue([60, 40]), 0.0455003, 1e-5))
  // Three places, 10, 20, 30: χ² = 10 with 2 degrees: exp(−5).
  assert.ok(near(evenSpreadPValue([10, 20, 30]), Math.exp(-5), 1e-9))
  // Four places, χ² = 8 with 3 degrees.
  assert.ok(near(evenSpreadPValue([30, 10, 20, 20]), 0.0185661, 1e-3))
  // Seven places with 6 degrees: closed form exp(−x/2)·(1 + x/2 + (x/2)²/2).
  const counts = [12, 18, 20, 22, 25, 28, 15]
  const mean = 20
  const half = counts.reduce((sum, one) => sum + (one - mean) ** 2 / mean, 0) / 2
  assert.ok(near(evenSpreadPValue(counts), Math.exp(-half) * (1 + half + half ** 2 / 2), 1e-9))
  assert.is(evenSpreadPValue([5]), 1)
  assert.is(evenSpreadPValue([0, 0]), 1)
})

test('a p-value is a probability, 1 for an even spread, tiny for one place', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 2, maxLength: 9 }), (counts) => {
      const p = evenSpreadPValue(counts)
      return p >= 0 && p <= 1
    }),
  )
  assert.is(evenSpreadPValue([100, 100, 100]), 1)
  assert.ok(evenSpreadPValue([1000, 0, 0]) < 1e-100)
  assert.ok(evenSpreadPValue([700, 150, 150]) < 1e-6)
  assert.ok(evenSpreadPValue([350, 330, 320]) > 1e-6)
})

test('rare accidents come in twos and threes as often as Poisson says', () => {
  assert.is(chanceOfAtLeast(0, 3), 1)
  assert.ok(near(chanceOfAtLeast(1, 0.003), 1 - Math.exp(-0.003), 1e-12))
  assert.ok(near(chanceOfAtLeast(2, 0.003), 1 - Math.exp(-0.003) * 1.003, 1e-12))
  assert.ok(near(chanceOfAtLeast(3, 2), 1 - Math.exp(-2) * 5, 1e-9))
  assert.ok(chanceOfAtLeast(30, 30) > 0.4 && chanceOfAtLeast(60, 30) < 1e-6)
  assert.ok(chanceOfAtLeast(100_000, 100_000) > 0.4 && chanceOfAtLeast(102_000, 100_000) < 1e-6)
})

test('a quantile is the smallest value that q of all do not exceed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1, maxLength: 50 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, q) => {
        const enough = [...values]
          .sort((a, b) => a - b)
          .find((one) => values.filter((other) => other <= one).length >= q * values.length - 1e-9)
        return quantile(values, q) === enough
      },
    ),
  )
})

const stays = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 30 })), {
  maxLength: 40,
})

test('a step count is how many stays cover a moment', () => {
  fc.assert(
    fc.property(
      stays,
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 0, max: 20 }),
      (pairs, from, width) => {
        const ups = pairs.map(([start]) => start)
        const downs = pairs.map(([start, length]) => start + length)
        const count = stepCount(ups, downs)
        const at = (t: number) => pairs.filter(([start, length]) => start <= t && start + length > t).length
        // Between two whole moments nothing steps: the halves are looked at as well, to meet the moments just after.
        const seen = Array.from({ length: 2 * width + 1 }, (_, i) => at(from + i / 2))
        const found = rangeWithin(count, from, from + width)
        // Steps of one moment happen one after another, so the range may be wider by what comes and goes within it.
        return (
          found.least <= Math.min(...seen) && found.most >= Math.max(...seen) && found.most <= pairs.length
        )
      },
    ),
  )
})

test('an open end never comes', () => {
  const count = stepCount([1, 2, 3], [Number.POSITIVE_INFINITY, 5, Number.POSITIVE_INFINITY])
  assert.equal(rangeWithin(count, 0, 10), { least: 0, most: 3 })
  assert.equal(rangeWithin(count, 6, 10), { least: 2, most: 2 })
  assert.equal(peakOf(count), { value: 3, t: 3 })
})

test.run()
