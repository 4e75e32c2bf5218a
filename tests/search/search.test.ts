/** The bisection, against a cluster whose edge is known. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type SearchLimits, searchEdge, type Trial } from '#weir/search/index.ts'

const LIMITS: SearchLimits = {
  from: 10,
  to: 1000,
  precision: 0.1,
  confirm: 3,
  mostTrials: 100,
  mostSeconds: 1e6,
}
const PASS: Trial = { outcome: 'pass', why: '' }
const FAIL: Trial = { outcome: 'fail', why: 'too fast' }
const OPEN: Trial = { outcome: 'inconclusive', why: 'a slow machine' }

/** Tries `answer`, and notes the values; every try takes a second. */
async function searched(answer: (value: number, time: number) => Trial, limits: Partial<SearchLimits> = {}) {
  const values: number[] = []
  const result = await searchEdge(
    { ...LIMITS, ...limits },
    async (value) => {
      values.push(value)
      return answer(value, values.filter((one) => one === value).length)
    },
    () => values.length,
  )
  return { ...result, values }
}

test('finds the edge to the precision, and tries both values at it three times', async () => {
  for (const edge of [10, 11, 99, 487, 950, 999]) {
    const { end, holds, fails, tried, values } = await searched((value) => (value <= edge ? PASS : FAIL))
    assert.is(end, 'found', `edge ${edge}`)
    assert.ok(holds! <= edge && edge < fails!, `${holds} ≤ ${edge} < ${fails}`)
    assert.ok(fails! - holds! <= Math.max(1, 0.1 * holds!), `${holds} to ${fails}`)
    for (const one of tried.filter(({ value }) => value === holds || value === fails))
      assert.is(one.trials.length, 3, `${one.value}`)
    assert.ok(values.length <= 16, `${values.length} runs`)
  }
})

test('what holds everywhere or nowhere is said after as few runs as show it', async () => {
  const all = await searched(() => PASS)
  assert.equal([all.end, all.holds, all.fails, all.values.length], ['all-hold', 1000, undefined, 4])
  const none = await searched(() => FAIL)
  assert.equal([none.end, none.holds, none.fails, none.values], ['none-holds', undefined, 10, [10]])
  const one = await searched(() => PASS, { from: 50, to: 50 })
  assert.equal([one.end, one.holds, one.values], ['all-hold', 50, [50, 50, 50]])
})

test('a value that fails when it is tried again moves the edge down', async () => {
  // 400 passes once; nothing above 200 holds every time.
  const { end, holds, fails } = await searched((value, time) =>
    value <= 200 || (value <= 400 && time < 2) ? PASS : FAIL,
  )
  assert.is(end, 'found')
  assert.ok(holds! <= 200 && fails! > 200, `${holds} to ${fails}`)
})

test('a smallest value that fails when it is tried again is an edge below it', async () => {
  const { end, fails } = await searched((value, time) => (value === 10 && time < 3 ? PASS : FAIL), {
    confirm: 2,
    to: 11,
  })
  assert.is(end, 'found')
  const flaky = await searched((_, time) => (time < 3 ? PASS : FAIL), { confirm: 3, to: 11 })
  assert.equal([fails, flaky.end, flaky.fails], [11, 'none-holds', 10])
})

test('an inconclusive try is made again and counts for nothing; three in a row end the search', async () => {
  const patient = await searched((value, time) => (time === 1 ? OPEN : value <= 300 ? PASS : FAIL))
  assert.is(patient.end, 'found')
  assert.ok(patient.holds! <= 300 && patient.fails! > 300)
  const edge = patient.tried.find(({ value }) => value === patient.holds)!
  assert.is(edge.trials.filter(({ outcome }) => outcome === 'pass').length, 3)
  const stuck = await searched((value) =>
    value === 10 || value === 1000 ? (value === 10 ? PASS : FAIL) : OPEN,
  )
  assert.equal([stuck.end, stuck.holds, stuck.fails], ['inconclusive', 10, 1000])
})

test('a budget of runs or of time ends it, with what is known', async () => {
  const answer = (value: number) => (value <= 300 ? PASS : FAIL)
  const byRuns = await searched(answer, { mostTrials: 6 })
  assert.equal([byRuns.end, byRuns.values.length], ['budget', 6])
  assert.ok(byRuns.holds! <= 300 && byRuns.fails! > 300)
  // A seventh run of a second would end after 6.5 s.
  const byTime = await searched(answer, { mostSeconds: 6.5 })
  assert.equal([byTime.end, byTime.values.length, byTime.seconds], ['budget', 6, 6])
})

test('after each try it says what is known', async () => {
  const told: number[] = []
  await searchEdge(
    LIMITS,
    async (value) => (value <= 300 ? PASS : FAIL),
    () => 0,
    ({ end, tried }) => {
      assert.is(end, 'stopped')
      told.push(tried.reduce((sum, { trials }) => sum + trials.length, 0))
    },
  )
  assert.equal(
    told,
    told.map((_, i) => i + 1),
  )
  assert.ok(told.length > 5)
})

test.run()
