/** What a search says of its result, and the verdicts that it takes for a pass, a failure or neither. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { searchPage } from '#weir/cli/search/page.ts'
import { targetsOf, trialOf } from '#weir/cli/search/targets.ts'
import { frontierRows, headlineOf } from '#weir/cli/search/tell.ts'
import { settingsOf } from '#weir/cli/search/vary.ts'
import { FIGURE_IDS, type FIGURES } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import type { SearchResult, Trial } from '#weir/search/index.ts'

const scenario = loadScenario('blue-green-v5-quick')
const LIMITS = { from: 10, to: 80, precision: 0.1, confirm: 2, mostTrials: 9, mostSeconds: 60 }
const ASKED = { targets: 'no-storm, offlinePeak<=60', vary: 'connEvictRate', limits: LIMITS }
const NOTHING = Object.fromEntries(FIGURE_IDS.map((id) => [id, null])) as Record<keyof typeof FIGURES, null>

const run = (outcome: Trial['outcome'], why = '', offlinePeak: number | null = null) => ({
  ...{ outcome, why, record: 'runs/x' },
  figures: { ...NOTHING, offlinePeak },
})

function verdict(outcomes: Record<string, Verdict['outcome']>, offlinePeak: number | null): Verdict {
  const findings = Object.entries(outcomes).map(([id, outcome]) => ({
    id,
    outcome,
    sentence: `${id} is so.`,
  }))
  const figures = { offlinePeak: { value: offlinePeak, unit: 'clients', better: 'lower' } }
  return { findings, figures } as unknown as Verdict
}

test('a run passes when every target holds, and fails by one that does not', () => {
  const targets = targetsOf('no-storm, offlinePeak<=60', scenario)
  const of = (outcomes: Record<string, Verdict['outcome']>, peak: number | null) =>
    trialOf(verdict({ 'harness-healthy': 'pass', ...outcomes }, peak), targets)
  assert.equal(of({ 'no-storm': 'pass' }, 60), { outcome: 'pass', why: '' })
  assert.equal(of({ 'no-storm': 'fail' }, 60), { outcome: 'fail', why: 'no-storm: no-storm is so.' })
  assert.equal(of({ 'no-storm': 'inconclusive' }, 61), {
    outcome: 'fail',
    why: 'clients offline at once: 61 clients, not <=60',
  })
  assert.is(of({ 'no-storm': 'pass' }, null).outcome, 'inconclusive')
  assert.is(of({}, 60).outcome, 'inconclusive')
})

test('a figure within its limit proves nothing of a run that ended early, and one beyond it does', () => {
  const targets = targetsOf('offlinePeak<=60', scenario)
  const of = (peak: number) => trialOf(verdict({ 'harness-healthy': 'pass' }, peak), targets, false).outcome
  assert.equal([of(10), of(100)], ['inconclusive', 'fail'])
})

test('what a record says moves no cursor of a terminal', () => {
  const said = verdict({ 'no-storm': 'fail' }, 10)
  said.findings[0]!.sentence = 'too\u001b[2J\nfast'
  const { why } = trialOf(said, targetsOf('no-storm', scenario))
  assert.not.ok(why.includes('\u001b') || why.includes('\n'), why)
})

test('a figure of a machine that was too slow proves nothing', () => {
  const targets = targetsOf('offlinePeak<=60', scenario)
  for (const peak of [10, 100])
    assert.is(trialOf(verdict({ 'harness-healthy': 'inconclusive' }, peak), targets).outcome, 'inconclusive')
})

test('connEvictRate is set where the resource of the dialect has it, for sessions too', () => {
  const strategy = 'cluster.manifest.spec.updateStrategy.evacuationStrategy'
  assert.equal(settingsOf('connEvictRate', scenario, 70), [
    `${strategy}.connEvictRate=70`,
    `${strategy}.sessEvictRate=70`,
  ])
  assert.equal(settingsOf('clients', scenario, 70), ['fleet.clients=70'])
  const set = settingsOf('connEvictRate', loadScenario('blue-green-quick'), 70)
  assert.equal(loadScenario('blue-green-quick', { set }).cluster.manifest.spec, {
    ...(scenarioSpec('blue-green-quick') as object),
    blueGreenUpdate: {
      initialDelaySeconds: 3,
      evacuationStrategy: { waitTakeover: 1, connEvictRate: 70, sessEvictRate: 70 },
    },
  })
})

const scenarioSpec = (name: string) => loadScenario(name).cluster.manifest.spec

const FOUND: SearchResult<ReturnType<typeof run>> = {
  ...{ end: 'found', holds: 20, fails: 22, seconds: 300 },
  tried: [
    { value: 20, trials: [run('inconclusive', 'slow'), run('pass', '', 40), run('pass', '', 44)] },
    { value: 22, trials: [run('pass', '', 58), run('fail', 'offline <at once>', 66)] },
  ],
}

test('the headline says how sure the edge is, and the table has every value', () => {
  assert.is(
    headlineOf(FOUND, ASKED),
    'no-storm, offlinePeak<=60 holds up to connEvictRate 20 (2 of 2 runs), and does not hold at 22 (1 of 2 failed).',
  )
  assert.equal(frontierRows(FOUND, 'connEvictRate').slice(1), [
    ['20', '2', '0', '1', 'slow'],
    ['22', '1', '1', '0', 'offline <at once>'],
  ])
  const open: typeof FOUND = {
    end: 'inconclusive',
    tried: [{ value: 10, trials: [run('inconclusive', 'slow')] }],
    seconds: 9,
  }
  assert.match(headlineOf(open, ASKED), /^connEvictRate 10 stayed inconclusive .* is unknown\.$/)
})

test('the page has a dot for each run, in its colour, and escapes what a record says', () => {
  const page = searchPage(FOUND, ASKED, 'found <b>it</b>')
  const dots = (outcome: string) => page.split(`<circle class="${outcome}" cx=`).length - 1
  // One more of each in the key.
  assert.equal([dots('pass'), dots('fail'), dots('inconclusive')], [4, 2, 1])
  assert.not.match(page, /<b>|<at once>/)
  assert.match(page, 'clients offline at once (clients)')
  assert.match(page, "default-src 'none'")
})

test.run()
