import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exitCodeOf, judge, knownDeviations, type Verdict } from '#weir/assertions/index.ts'
import { ASSERTION_IDS } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { mutantOf, type Settings, simulate, withEmqx5 } from '../simulator/index.ts'
import { recordedOperator } from './checks/recorded-operator.ts'

const ID = 'operator-2.1.3-2.2.29-undrained-delete'
const ASKED = [
  'eviction-envelope',
  'evacuation-serial',
  'switch-before-evict',
  'landing',
  'hops',
  'no-storm',
  'drained-before-delete',
  'all-new',
  'duration',
]
const asserts = ASKED.map((id) => ({ id }))
const real = recordedOperator('v1beta4-2.2.29/b-r1', asserts)
const expecting = (record: RunRecord, knownDeviations = [ID]): RunRecord => ({
  ...record,
  manifest: { ...record.manifest, knownDeviations },
})

test('a deviation names assertions that exist', () => {
  const ids = ASSERTION_IDS
  for (const { fails, mayFail, leavesOpen } of knownDeviations)
    for (const id of [...fails, ...mayFail, ...leavesOpen]) assert.ok(ids.includes(id), id)
})

test('what a real operator 2.2.29 did is a labelled failure, never a pass', () => {
  const verdict = judge(real)
  assert.is(verdict.outcome, 'fail')
  assert.is(verdict.deviations, undefined)
  for (const id of ['eviction-envelope', 'no-storm', 'hops', 'drained-before-delete', 'evacuation-serial']) {
    const finding = verdict.findings.find((one) => one.id === id)
    assert.is(finding?.outcome, 'fail', id)
    assert.is(finding?.deviation, ID, id)
  }
  assert.is(exitCodeOf(verdict, real.manifest.end), 1)
  assert.match(
    verdict.headline,
    /connEvictRate 5 was not kept: node emqx-ee-b78586b7b-0 dropped 156 connections within 0\.1 s at \+92\.0 s/,
  )
})

test('a scenario that expects it is content only when the run deviates exactly so', () => {
  const verdict = judge(expecting(real))
  assert.equal(verdict.deviations, { expected: [ID], seen: [ID], asExpected: true })
  assert.is(verdict.outcome, 'fail', 'it is still a failure')
  assert.is(exitCodeOf(verdict, real.manifest.end), 0)
  assert.match(verdict.headline, /as the scenario expects/)
})

test('a clean run does not deviate as expected', () => {
  const clean = expecting(recordedOperator('v1beta4-2.1.2/b-q6', asserts))
  const verdict = judge(clean)
  assert.is(verdict.outcome, 'pass')
  assert.equal(verdict.deviations, { expected: [ID], seen: [], asExpected: false })
  assert.is(exitCodeOf(verdict, clean.manifest.end), 1)
})

test('a run that leaves open whether it deviates is neither content nor a failure', () => {
  const [first, ...others] = judge(expecting(real)).findings
  const open = {
    ...judge(expecting(real)),
    findings: [{ ...first!, outcome: 'inconclusive' as const, deviation: undefined }, ...others],
  }
  const verdict = { ...open, deviations: { expected: [ID], seen: [ID], asExpected: false } }
  assert.is(exitCodeOf(verdict as Verdict, real.manifest.end), 3)
})

test('a failure that the deviation does not explain spoils the match', () => {
  const slow = [
    ...asserts.filter(({ id }) => id !== 'duration'),
    { id: 'duration', bounds: { newSetSeconds: 0 } },
  ]
  const verdict = judge({ ...expecting(real), manifest: { ...expecting(real).manifest, asserts: slow } })
  assert.is(verdict.deviations?.asExpected, false)
  assert.is(verdict.findings.find(({ id }) => id === 'duration')?.deviation, undefined)
})

test('an operator of another line that drops its clients is not excused by it', () => {
  const record = simulate(mutantOf(1, 'delete-undrained'))
  assert.is(record.manifest.parameters?.dialect.operator, '2.1.2')
  for (const { deviation } of judge(record).findings) assert.is(deviation, undefined)
})

test('where readiness gates lead the clients the same misdeed bears no label: no release is known for it', () => {
  const both = (settings: Settings) => ({ ...settings, faults: new Set(['delete-undrained', 'switch-late']) })
  const labels = (settings: Settings) => [
    ...new Set(judge(simulate(settings)).findings.flatMap(({ deviation }) => deviation ?? [])),
  ]
  const settings = both(mutantOf(1, 'delete-undrained'))
  const { parameters } = settings
  const of2229 = { ...parameters, dialect: { ...parameters.dialect, operator: '2.2.29' } }
  assert.equal(labels({ ...settings, parameters: of2229 }), [ID])
  assert.equal(labels(both(withEmqx5(settings))), [])
})

test.run()
