import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import type { FigureId } from '#weir/facts/index.ts'
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

const POOL = 60
const PAIRS = 200

/** Honest runs of one build and one scenario, which differ by chance alone. */
const pools = [3, 8, 21].map((seed) => {
  const settings = quickened(settingsOf(seed))
  return Array.from({ length: POOL }, (_, run) => {
    const record = simulate({ ...settings, seed: 1000 * seed + run })
    return { name: `run ${run}`, manifest: record.manifest, verdict: judge(record) }
  })
})

/** Two times three runs of one pool; `change` is made to the figures of the second three. */
function pairsOf(change: (figures: FigureValues) => FigureValues = (figures) => figures): Comparison[][] {
  const random = new Random(7)
  return Array.from({ length: PAIRS }, (_, i) => {
    const rest = [...pools[i % pools.length]!]
    const draw = () => rest.splice(Math.floor(random.between(0, rest.length)), 1)[0]!
    const [base, now] = [1, 2].map(() => runSetOf(Array.from({ length: FEWEST_RUNS }, draw)).figures)
    return compareFigures(base!, change(now!), FLOORS)
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

test(`${PAIRS} pairs of one build: at most 2 % have a figure that is worse`, () => {
  const worse = shareOf(pairsOf(), (pair) => pair.some(({ change }) => change === 'worse'))
  assert.ok(worse <= 0.02, `${worse * 100} %`)
})

for (const [what, id, by] of [
  ['a drain that is 10 % slower', 'slowestDrain', 0.9],
  ['a 99th percentile of the downtime that is half as long again', 'downtimeP99', 1.5],
  ['a burst of twice the size', 'evictionsBurst', 2],
] as const)
  test(`${what} is found in 95 % of three runs against three`, () => {
    const pairs = pairsOf(scaled(id, by)).filter(isShown(id))
    assert.ok(pairs.length > PAIRS / 2, `only ${pairs.length} pairs show it`)
    const found = shareOf(pairs, saysWorse(id))
    assert.ok(found >= 0.95, `${found * 100} %`)
  })

test.run()
