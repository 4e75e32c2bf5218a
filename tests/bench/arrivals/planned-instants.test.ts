import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { plannedInstantsMs } from '#weir/bench/arrivals/schedule.ts'
import type { ArrivalSpec } from '#weir/bench/types.ts'
import { WeirError } from '#weir/errors/index.ts'

const SEED = 7
const planned = (spec: ArrivalSpec, clients: number, seed = SEED) => [
  ...plannedInstantsMs(spec, clients, seed),
]
const rounded = (instants: number[]) => instants.map((ms) => Math.round(ms * 1000) / 1000)

const TABLE: [string, ArrivalSpec, number[]][] = [
  ['interval', { kind: 'interval', everyMs: 10 }, [0, 10, 20, 30]],
  ['an interval of 0', { kind: 'interval', everyMs: 0 }, [0, 0, 0]],
  ['rate', { kind: 'rate', perSecond: 4 }, [0, 250, 500, 750, 1000]],
  ['spike', { kind: 'spike' }, [0, 0, 0]],
  // 2/s for one second (clients 0 and 1), a pause of a second, then 4/s for ever.
  [
    'step',
    {
      kind: 'step',
      steps: [
        { perSecond: 2, forSeconds: 1 },
        { perSecond: 0, forSeconds: 1 },
        { perSecond: 4, forSeconds: 1 },
      ],
    },
    [0, 500, 2000, 2250, 2500, 2750, 3000, 3250],
  ],
  // 0 to 2/s in two seconds: t² / 2 clients after t seconds, then 2/s.
  [
    'ramp from nothing',
    { kind: 'ramp', fromPerSecond: 0, toPerSecond: 2, overSeconds: 2 },
    [0, 1414.214, 2000, 2500, 3000],
  ],
  ['a flat ramp', { kind: 'ramp', fromPerSecond: 10, toPerSecond: 10, overSeconds: 1 }, [0, 100, 200]],
]

for (const [what, spec, expected] of TABLE)
  test(`${what}: ${expected.join(', ')} ms`, () => {
    assert.equal(rounded(planned(spec, expected.length)), expected)
  })

/** Clients due by `seconds`, integrated in small steps of the rate: the slow reference of the ramp. */
function rampCount(spec: Extract<ArrivalSpec, { kind: 'ramp' }>, seconds: number): number {
  const steps = 20_000
  let count = 0
  for (let i = 0; i < steps; i++) {
    const t = ((i + 0.5) / steps) * seconds
    const along = Math.min(1, t / spec.overSeconds)
    count += ((spec.fromPerSecond + (spec.toPerSecond - spec.fromPerSecond) * along) * seconds) / steps
  }
  return count
}

test('a ramp, up or down, brings the k-th client when its rate has added up to k', () => {
  const rate = fc.double({ min: 1, max: 200, noNaN: true })
  fc.assert(
    fc.property(rate, rate, fc.double({ min: 1, max: 20, noNaN: true }), (from, to, overSeconds) => {
      const spec = { kind: 'ramp', fromPerSecond: from, toPerSecond: to, overSeconds } as const
      const instants = planned(spec, 300)
      for (const k of [1, 10, 100, 299])
        assert.ok(
          Math.abs(rampCount(spec, instants[k]! / 1000) - k) < 0.01 + k * 1e-3,
          `client ${k} of ${JSON.stringify(spec)}`,
        )
    }),
    { numRuns: 30 },
  )
})

test('poisson arrivals have the rate and the spread of a Poisson process', () => {
  const clients = 20_000
  const instants = planned({ kind: 'poisson', perSecond: 100 }, clients)
  const gaps = instants.slice(1).map((ms, i) => ms - instants[i]!)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
  // An exponential distribution's deviation is its mean; five standard errors on a fixed seed.
  assert.ok(Math.abs(mean - 10) < (5 * 10) / Math.sqrt(clients), `mean gap ${mean} ms`)
  assert.ok(Math.abs(deviation - 10) < 0.6, `deviation ${deviation} ms`)
})

test('poisson arrivals are the same for the same seed and others for another', () => {
  const spec = { kind: 'poisson', perSecond: 100 } as const
  assert.equal(planned(spec, 50, 3), planned(spec, 50, 3))
  assert.not.equal(planned(spec, 50, 3), planned(spec, 50, 4))
})

test('instants never go back', () => {
  const specs: ArrivalSpec[] = [...TABLE.map(([, spec]) => spec), { kind: 'poisson', perSecond: 30 }]
  for (const spec of specs) {
    const instants = planned(spec, 500)
    assert.ok(
      instants.every((ms, k) => k === 0 || ms >= instants[k - 1]!),
      spec.kind,
    )
  }
})

function refusal(spec: ArrivalSpec): string {
  try {
    plannedInstantsMs(spec, 10, SEED)
  } catch (error) {
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, 'WEIR_USAGE')
    return (error as WeirError).message
  }
  throw new Error(`${JSON.stringify(spec)} was accepted`)
}

test('rates and times that make no sense are refused by name', () => {
  assert.match(refusal({ kind: 'rate', perSecond: 0 }), 'perSecond')
  assert.match(refusal({ kind: 'interval', everyMs: -1 }), 'everyMs')
  assert.match(refusal({ kind: 'ramp', fromPerSecond: 1, toPerSecond: 1, overSeconds: 0 }), 'overSeconds')
  assert.match(refusal({ kind: 'step', steps: [] }), 'at least one step')
  assert.match(refusal({ kind: 'poisson', perSecond: Number.NaN }), 'perSecond')
})

test('a schedule that ends before all have come is refused with how many are left', () => {
  assert.match(
    refusal({
      kind: 'step',
      steps: [
        { perSecond: 2, forSeconds: 2 },
        { perSecond: 0, forSeconds: 1 },
      ],
    }),
    '6 of 10',
  )
  assert.match(refusal({ kind: 'ramp', fromPerSecond: 2, toPerSecond: 0, overSeconds: 3 }), '6 of 10')
})

test.run()
