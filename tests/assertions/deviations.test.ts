import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isReleased } from '#weir/assertions/deviations/release.ts'
import { exitCodeOf, judge, knownDeviations, type Verdict } from '#weir/assertions/index.ts'
import { ASSERTION_IDS, type Parameters, type RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { mutantOf, type Settings, simulate, withEmqx5 } from '../simulator/index.ts'
import { S } from './checks/made-events.ts'
import { crEvent } from './checks/made-operations.ts'
import { madeScaleOut } from './checks/made-scale-out.ts'
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

test('without a new set, as when nodes are scaled away, it is not it', () => {
  const { shows } = knownDeviations.find(({ id }) => id === ID)!
  const view = viewOf(real)
  const scaledIn = { ...view, nodes: view.nodes.map((node) => ({ ...node, side: 'old' as const })) }
  assert.equal([shows(view), shows(scaledIn)], [true, false])
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

const RUNNING_EARLY = 'operator-2.1.0-2.2.29-running-early'

/** A scale-out to 5 of which the resource speaks at +5.5 s, when two pods are ready that the Service does not lead to before +7 s. */
function scaledOut(running: number, dialect: Partial<Parameters['dialect']> = {}) {
  const says = (t: number, settled: boolean, wanted: number, generation: number): RecordEvent => ({
    ...(crEvent(t * S, generation, '4.4.19', settled) as Extract<RecordEvent, { type: 'cr' }>),
    nodes: Array.from({ length: running }, (_, i) => ({
      node: `blue-${i}`,
      running: true,
      version: '4.4.19',
    })),
    wanted,
  })
  const moreEvents = [says(1, true, 3, 1), says(20.1, false, 5, 2), says(22, true, 5, 2)]
  const record = madeScaleOut({ moreEvents })
  const { parameters } = record.manifest
  const changed = {
    ...parameters!,
    dialect: { ...parameters!.dialect, trafficSwitch: 'service' as const, ...dialect },
  }
  const { findings } = judge(
    { ...record, manifest: { ...record.manifest, parameters: changed } },
    { asserts: [{ id: 'state-truth' }] },
  )
  return findings[0]!
}

test('a resource that runs as asked by a count of EMQX’s nodes alone is what released operators do', () => {
  const { outcome, deviation } = scaledOut(5)
  assert.equal([outcome, deviation], ['fail', RUNNING_EARLY])
})

test('it is not, where EMQX lists fewer, another program writes the Service’s addresses, or the operator is another', () => {
  for (const finding of [
    scaledOut(3),
    scaledOut(5, { trafficSwitch: 'readiness-gate' }),
    scaledOut(5, { operator: '2.3.0' }),
  ])
    assert.equal([finding.outcome, finding.deviation], ['fail', undefined])
})

test('a release is one between two, or one that is not known', () => {
  const fits = (operator: string | undefined) =>
    isReleased({ ...(operator !== undefined && { operator }) }, '2.1.3', '2.2.29')
  assert.equal([undefined, '2.1.3', '2.1.10', '2.2.0', '2.2.29'].map(fits), [true, true, true, true, true])
  assert.equal(['2.1.2', '2.2.30', '3.0.0', '1.9.9', '2.3-dev'].map(fits), [
    false,
    false,
    false,
    false,
    false,
  ])
  assert.not.ok(isReleased({ replaces: 'pods' }, '2.1.3', '2.2.29'), 'no 2.x replaces pods one by one')
})

test.run()
