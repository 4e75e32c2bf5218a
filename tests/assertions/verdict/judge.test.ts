import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exitCodeOf, judge, serializeVerdict, type Verdict, worstOf } from '#weir/assertions/index.ts'
import { fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { mutantOf, settingsOf, simulate } from '../../simulator/index.ts'

const honest = simulate({ ...settingsOf(4), asserts: ['duration', 'eviction-envelope', 'all-new'] })
const withManifest = (changes: Partial<RunRecord['manifest']>) => ({
  ...honest,
  manifest: { ...honest.manifest, ...changes },
})

test('only what the manifest asks for is judged, in its order', () => {
  assert.equal(
    judge(honest).findings.map(({ id }) => id),
    ['duration', 'eviction-envelope', 'all-new'],
  )
})

test('the same record gives the same bytes, however often and however it was stored', () => {
  const text = serializeVerdict(judge(honest))
  assert.is(serializeVerdict(judge(honest)), text)
  assert.is(serializeVerdict(judge(structuredClone(honest))), text)
  const again = simulate({ ...settingsOf(4), asserts: ['duration', 'eviction-envelope', 'all-new'] })
  assert.is(serializeVerdict(judge(again)), text)
  assert.is(serializeVerdict(JSON.parse(text) as Verdict), text, 'reading and writing changes nothing')
})

test('figures are written in one way: sorted, rounded, never null for what has no number', () => {
  const verdict = judge(honest)
  const finding = verdict.findings[0]
  if (!finding) throw new Error('no finding')
  finding.figures = { z: 0.1 + 0.2, a: Number.POSITIVE_INFINITY, m: Number.NaN, zero: -0, none: null }
  const { figures } = JSON.parse(serializeVerdict(verdict)).findings[0]
  assert.equal(Object.keys(figures), ['a', 'm', 'none', 'z', 'zero'])
  assert.equal(figures, { a: 'Infinity', m: 'NaN', none: null, z: 0.3, zero: 0 })
})

test('a bound of the manifest overrides the default', () => {
  const asserts = [{ id: 'duration', bounds: { newSetSeconds: 0 } }]
  const [finding] = judge(withManifest({ asserts })).findings
  assert.is(finding?.outcome, 'fail')
  assert.match(finding?.sentence ?? '', /The upgrade took \d+ s/)
})

test('an id that nobody knows is inconclusive, not a crash and not a pass', () => {
  const [finding] = judge(withManifest({ asserts: [{ id: 'no-such-thing' }] })).findings
  assert.is(finding?.outcome, 'inconclusive')
  assert.match(finding?.sentence ?? '', /no assertion has this id/)
})

test('a record without parameters, or with nothing in it, is inconclusive with the reason', () => {
  const empty = recordOf({ fleet: fleetOf(0, []), manifest: { asserts: honest.manifest.asserts } })
  const verdict = judge(empty)
  assert.is(verdict.outcome, 'inconclusive')
  for (const finding of verdict.findings) {
    assert.is(finding.outcome, 'inconclusive', finding.id)
    assert.ok(finding.settle, finding.id)
  }
  assert.match(verdict.findings[0]?.sentence ?? '', /parameters/)
})

test('fail outweighs inconclusive outweighs pass, and nothing asserted proves nothing', () => {
  assert.is(worstOf(['pass', 'inconclusive', 'fail']), 'fail')
  assert.is(worstOf(['pass', 'inconclusive']), 'inconclusive')
  assert.is(worstOf(['pass', 'pass']), 'pass')
  assert.is(worstOf([]), 'inconclusive')
  assert.is(judge(withManifest({ asserts: [] })).outcome, 'inconclusive')
})

test('exit codes: the verdict, unless the run was interrupted or lists deviations', () => {
  const verdict = judge(honest)
  const completed = { t: 1, how: 'completed' } as const
  assert.is(exitCodeOf(verdict, completed), 0)
  assert.is(exitCodeOf({ ...verdict, outcome: 'fail' }, completed), 1)
  assert.is(exitCodeOf({ ...verdict, outcome: 'inconclusive' }, completed), 3)
  assert.is(exitCodeOf({ ...verdict, outcome: 'fail' }, { t: 1, how: 'interrupted' }), 130)
  assert.is(exitCodeOf(verdict, { t: 1, how: 'failed' }), 3, 'a step that failed is not a pass')
  assert.is(exitCodeOf({ ...verdict, outcome: 'inconclusive' }, undefined), 3)
  const deviations = { expected: ['x'], seen: ['x'], asExpected: true }
  assert.is(exitCodeOf({ ...verdict, outcome: 'fail', deviations }, completed), 0)
  assert.is(
    exitCodeOf(
      { ...verdict, outcome: 'pass', deviations: { ...deviations, seen: ['y'], asExpected: false } },
      completed,
    ),
    1,
  )
})

test('a run cut off before the upgrade had ended passes nothing; one cut off in the hold keeps what was seen', () => {
  const { end: _, ...killed } = honest.manifest
  const before = judge({
    ...withManifest(killed),
    manifest: killed,
    events: honest.events.filter((event) => !(event.type === 'mark' && event.name === 'upgrade-done')),
  })
  assert.equal(
    before.findings.map(({ outcome }) => outcome),
    ['inconclusive', 'inconclusive', 'inconclusive'],
  )
  assert.match(before.findings[1]?.sentence ?? '', /Inconclusive: the run was killed .* So far: /)
  const after = judge({ ...honest, manifest: killed })
  assert.is(after.findings.find(({ id }) => id === 'eviction-envelope')?.outcome, 'pass')
})

test('a run killed while its cluster was still starting blames nobody', () => {
  const { end: _, ...killed } = honest.manifest
  const startingUp: RunRecord = {
    ...honest,
    manifest: { ...killed, asserts: [{ id: 'switch-before-evict' }] },
    events: [
      { t: 1e9, type: 'endpoints', service: 'emqx-ee', ready: ['emqx-ee-0'] },
      { t: 2e9, type: 'endpoints', service: 'emqx-ee', ready: [] },
      { t: 9e9, type: 'endpoints', service: 'emqx-ee', ready: ['emqx-ee-0'] },
    ],
    scrapes: [],
  }
  const [finding] = judge(startingUp).findings
  assert.is(finding?.outcome, 'inconclusive', finding?.sentence)
  assert.match(finding?.sentence ?? '', /ended before anything was changed/)
})

test('a damaged file makes a pass open and leaves a failure standing', () => {
  const damage: RunRecord['damage'] = [{ file: 'events.ndjson', what: 'line 17 is no JSON' }]
  const passed = judge({ ...honest, damage })
  assert.match(passed.findings[1]?.sentence ?? '', /line 17 is no JSON/)
  assert.is(passed.outcome, 'inconclusive')
  const failed = judge({ ...simulate(mutantOf(1, 'all-at-once')), damage })
  assert.is(failed.findings.find(({ id }) => id === 'eviction-envelope')?.outcome, 'fail')
})

test('without a sample of its health a run proves nothing about rates, if it was to have any', () => {
  const asserts = [{ id: 'harness-healthy' }, { id: 'eviction-envelope' }, { id: 'hops' }]
  const unwatched = { ...honest, events: honest.events.filter(({ type }) => type !== 'health') }
  const outcomes = (record: RunRecord, asked = asserts) =>
    judge(record, { asserts: asked }).findings.map(({ outcome }) => outcome)
  assert.equal(outcomes(honest), ['pass', 'pass', 'pass'])
  assert.equal(outcomes(unwatched), ['inconclusive', 'inconclusive', 'pass'])
  // A recording of others has no such samples, and is not asked for them.
  assert.equal(outcomes(unwatched, asserts.slice(1)), ['pass', 'pass'])
})

test('scrapes that are missing leave what clients prove', () => {
  const asserts = [{ id: 'harness-healthy' }, { id: 'eviction-envelope' }, { id: 'gauge-truth' }]
  const few = { ...honest, scrapes: honest.scrapes.filter((_, i) => i % 3 === 0) }
  const outcomes = judge(few, { asserts }).findings.map(({ outcome }) => outcome)
  assert.equal(outcomes, ['inconclusive', 'pass', 'inconclusive'])
})

test('failures that no stall explains stand even when the harness was starved', () => {
  const settings = mutantOf(2, 'all-at-once')
  const record = simulate({ ...settings, faults: new Set(['all-at-once', 'starved-generator']) })
  const { findings } = judge(record)
  assert.is(findings.find(({ id }) => id === 'harness-healthy')?.outcome, 'inconclusive')
  const envelope = findings.find(({ id }) => id === 'eviction-envelope')
  assert.is(envelope?.outcome, 'fail', envelope?.sentence)
  assert.ok(envelope?.despiteHarness)
})

test('the headline of a pass has its figures, that of a failure says what happened to whom and when', () => {
  assert.match(
    judge(honest).headline,
    /^\d+ evictions moved \d+ clients from \d old to \d new nodes? in .* s, .*all 3 assertions held\.$/,
  )
  const { headline } = judge(simulate(mutantOf(1, 'delete-undrained')))
  assert.match(
    headline,
    /^connEvictRate \d+ was not kept: node \S+-\d dropped \d+ connections within \d\.\d s at \+\d+(\.\d)? s after the trigger, when its pod was deleted/,
  )
  assert.match(headline, /Failed: .*eviction-envelope/)
})

test.run()
