import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { quantile } from '#weir/assertions/statistics/index.ts'
import { FIGURE_IDS, type FigureId } from '#weir/facts/index.ts'
import {
  type Comparison,
  compareFigures,
  FEWEST_RUNS,
  type FigureValues,
  FLOORS,
  outcomeOf,
  runSetOf,
} from '#weir/gate/index.ts'
import { quickened, Random, settingsOf, simulate } from '../simulator/index.ts'
import { projectFile } from '../support/project-file.ts'

const changeOf = (id: FigureId, base: number[], now: number[]): Comparison =>
  compareFigures({ [id]: base }, { [id]: now }, FLOORS)[0]!

/** [what, figure, baseline, now, the change] */
const KNOWN: [string, FigureId, number[], number[], Comparison['change']][] = [
  ['apart, and the higher is worse', 'downtimeP99', [1, 1.05, 1.1], [1.6, 1.65, 1.7], 'worse'],
  ['apart, and the lower is better', 'downtimeP99', [1.6, 1.65, 1.7], [1, 1.05, 1.1], 'better'],
  ['a drain that is slower', 'slowestDrain', [99, 99.5, 99.6], [88, 89, 89.5], 'worse'],
  ['apart by less than matters', 'downtimeP99', [1, 1.01, 1.02], [1.1, 1.11, 1.12], 'same'],
  ['apart by chance: the runs differ as much', 'downtimeP99', [1, 1.4, 2], [2.1, 2.8, 3.4], 'cannot tell'],
  ['over each other', 'downtimeP99', [1, 1.5, 2], [1.9, 2, 2.4], 'cannot tell'],
  ['too few on one side', 'downtimeP99', [1, 1.05], [5, 5, 5], 'cannot tell'],
  ['lost where nothing was', 'messagesLost', [0, 0, 0], [1, 2, 1], 'worse'],
  ['lost in one run of three', 'messagesLost', [0, 0, 0], [0, 0, 5], 'same'],
  [
    'one of seven runs is far off',
    'downtimeP99',
    [1, 1.05, 1.1],
    [1, 1.6, 1.6, 1.65, 1.65, 1.7, 1.7],
    'worse',
  ],
]
for (const [what, id, base, now, change] of KNOWN)
  test(`${what}: ${change}`, () => {
    assert.is(changeOf(id, base, now).change, change)
  })

test('a figure that a policy leaves out, or no run shows, is not compared; one that one side shows cannot be told', () => {
  assert.equal(compareFigures({ took: [1, 1, 1] }, { took: [9, 9, 9] }, {}), [])
  assert.equal(compareFigures({}, {}, FLOORS), [])
  const [alone] = compareFigures({ took: [1, 1, 1] }, {}, FLOORS)
  assert.match(alone?.why ?? '', /it takes 3 runs on either side: there are 3 and 0/)
})

test('one that is worse decides; where nothing can be told, nothing is known', () => {
  const outcome = (...changes: Comparison['change'][]) =>
    outcomeOf(changes.map((change) => ({ id: 'took', change })))
  assert.is(outcome('same', 'worse', 'cannot tell'), 'worse')
  assert.is(outcome('same', 'cannot tell', 'better'), 'pass')
  assert.is(outcome('cannot tell', 'cannot tell'), 'inconclusive')
  assert.is(outcome(), 'inconclusive')
})

const PAIRS = 200

type Pool = readonly FigureValues[]

/** Honest runs of one build as they were measured (honest-runs.json): how much they differ on a quiet machine, and beside other work. */
const measured = Object.entries(
  JSON.parse(readFileSync(projectFile('tests/gate/honest-runs.json'), 'utf8')) as Record<
    'quiet' | 'loaded',
    FigureValues
  >,
).flatMap(([name, values]): [string, Pool][] => (typeof values === 'string' ? [] : [[name, runsOf(values)]]))

function runsOf(values: FigureValues): Pool {
  const runs = Math.max(...Object.values(values).map(({ length }) => length))
  return Array.from({ length: runs }, (_, run) =>
    Object.fromEntries(Object.entries(values).map(([id, all]) => [id, all.slice(run, run + 1)])),
  )
}

const POOL = 60

/** Simulated runs of one build and one scenario, which differ as those that were measured do. */
const simulated = measured.flatMap(([name, runs]) =>
  [3, 8, 21].map((seed): [string, Pool] => {
    const settings = quickened(settingsOf(seed))
    const random = new Random(seed)
    const pool = Array.from({ length: POOL }, (_, run) => {
      const record = simulate({ ...settings, seed: 1000 * seed + run })
      const { figures } = runSetOf([
        { name: `run ${run}`, manifest: record.manifest, verdict: judge(record) },
      ])
      return spreadAs(runs[Math.floor(random.between(0, runs.length))]!, runs, figures)
    })
    return [`${name}, simulation ${seed}`, pool]
  }),
)

/** The figures of a run, each as far from what it usually is as in that run of the measured ones. */
function spreadAs(like: FigureValues, measured: Pool, figures: FigureValues): FigureValues {
  return Object.fromEntries(
    Object.entries(figures).map(([key, values]) => {
      const id = key as FigureId
      const usual = quantile(
        measured.flatMap((run) => run[id] ?? []),
        0.5,
      )
      const [own] = like[id] ?? []
      return [id, own === undefined || !(usual > 0) ? values : values.map((value) => (value * own) / usual)]
    }),
  )
}

const together = (runs: Pool): FigureValues =>
  Object.fromEntries(FIGURE_IDS.map((id) => [id, runs.flatMap((run) => run[id] ?? [])]))

/** Two times three runs, of one pool or of two; `change` is made to the figures of the second three. */
function pairsOf(
  pools: readonly (readonly [Pool, Pool])[],
  change: (figures: FigureValues) => FigureValues = (figures) => figures,
): Comparison[][] {
  const random = new Random(7)
  return Array.from({ length: PAIRS }, (_, i) => {
    const [first, second] = pools[i % pools.length]!
    const rest = [...first]
    const draw = (from: FigureValues[]) => from.splice(Math.floor(random.between(0, from.length)), 1)[0]!
    const three = (from: FigureValues[]) => together(Array.from({ length: FEWEST_RUNS }, () => draw(from)))
    const base = three(rest)
    return compareFigures(base, change(three(first === second ? rest : [...second])), FLOORS)
  })
}

const shareOf = (pairs: readonly Comparison[][], is: (pair: readonly Comparison[]) => boolean) =>
  pairs.filter(is).length / pairs.length
const scaled = (id: FigureId, by: number) => (figures: FigureValues) => ({
  ...figures,
  ...(figures[id] && { [id]: figures[id].map((value) => value * by) }),
})
const isShown = (id: FigureId) => (pair: readonly Comparison[]) =>
  pair.some((one) => one.id === id && one.least !== undefined)
const saysWorse = (id: FigureId) => (pair: readonly Comparison[]) =>
  pair.some((one) => one.id === id && one.change === 'worse')

const alike = (pools: readonly [string, Pool][]) => pools.map(([, pool]) => [pool, pool] as const)
const [quiet, loaded] = measured.map(([, pool]) => pool)

for (const [what, pools] of [
  ['measured on a quiet machine', alike(measured.slice(0, 1))],
  ['measured beside other work', alike(measured.slice(1))],
  ['the first measured on a quiet machine, the second beside other work', [[quiet!, loaded!] as const]],
  ['simulated with the spread of those', alike(simulated)],
] as const)
  test(`${PAIRS} pairs of one build, ${what}: at most 2 % have a figure that is worse`, () => {
    const pairs = pairsOf(pools)
    const worse = shareOf(pairs, (pair) => pair.some(({ change }) => change === 'worse'))
    const ids = pairs.flatMap((pair) => pair.flatMap(({ id, change }) => (change === 'worse' ? [id] : [])))
    assert.ok(worse <= 0.02, `${worse * 100} %: ${[...new Set(ids)].join(' ')}`)
  })

for (const [what, id, by] of [
  ['a drain that is 10 % slower', 'slowestDrain', 0.9],
  ['a 99th percentile of the downtime that is half as long again', 'downtimeP99', 1.5],
  ['a burst of twice the size', 'evictionsBurst', 2],
] as const)
  for (const [where, pools] of [
    ['measured', alike(measured)],
    ['simulated', alike(simulated)],
  ] as const)
    test(`${what} is found in 95 % of three ${where} runs against three`, () => {
      const pairs = pairsOf(pools, scaled(id, by)).filter(isShown(id))
      assert.ok(pairs.length > PAIRS / 2, `only ${pairs.length} pairs show it`)
      const found = shareOf(pairs, saysWorse(id))
      assert.ok(found >= 0.95, `${found * 100} %`)
    })

test.run()
