import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { recordedOperator } from './recorded-operator.ts'

const IDS = [
  'evacuation-serial',
  'evacuation-states',
  'initial-delay',
  'switch-before-evict',
  'drained-before-delete',
  'all-new',
  'status-truth',
  'status-shape',
  'duration',
]
const asserts = IDS.map((id) => ({ id }))
const outcomes = (run: string) =>
  Object.fromEntries(judge(recordedOperator(run, asserts)).findings.map(({ id, outcome }) => [id, outcome]))

test('a real operator 2.1.2, recorded on a loaded machine, passes everything', () => {
  const verdict = judge(recordedOperator('v1beta4-2.1.2/b-q6', asserts))
  for (const { id, outcome, sentence } of verdict.findings) assert.is(outcome, 'pass', `${id}: ${sentence}`)
  const delay = verdict.findings.find(({ id }) => id === 'initial-delay')
  assert.match(
    delay?.measured ?? '',
    /^21\.[67] s$/,
    'the recording has 21.6 s from the endpoints to the first eviction',
  )
})

test('a real operator 2.2.29 fails what its deviation breaks and nothing else', () => {
  assert.equal(outcomes('v1beta4-2.2.29/b-r1'), {
    'evacuation-serial': 'fail',
    // Each pod was gone before EMQX could show what it would have done.
    'evacuation-states': 'inconclusive',
    // The new pods joined the Endpoints in the pass that began the first evacuation.
    'initial-delay': 'fail',
    'switch-before-evict': 'fail',
    'drained-before-delete': 'fail',
    'all-new': 'pass',
    'status-truth': 'pass',
    'status-shape': 'pass',
    duration: 'pass',
  })
})

test('a real operator 2.2.29 moves an EMQX of v2beta1 as it should', () => {
  const verdict = judge(recordedOperator('v2beta1-2.2.29/b-s1', asserts))
  for (const { id, outcome, sentence } of verdict.findings) assert.is(outcome, 'pass', `${id}: ${sentence}`)
  const found = (id: string) => verdict.findings.find((finding) => finding.id === id)
  // It became available in the second :22; the first client was evicted at :38.2, ten seconds of that EMQX's own wait.
  assert.match(found('initial-delay')?.sentence ?? '', /16\.2 s after the resource became available, 10 s of/)
  assert.is(found('evacuation-states')?.figures.healthCheckWaitSeconds, 10)
  assert.match(found('switch-before-evict')?.measured ?? '', /^switched 14\.\d s before/)
})

test('the same recording fails what it would fail if EMQX had not waited, or the operator not at all', () => {
  const record = recordedOperator('v2beta1-2.2.29/b-s1', asserts)
  const { parameters } = record.manifest
  assert.ok(parameters)
  const failing = (change: Partial<typeof parameters>) => {
    const manifest = { ...record.manifest, parameters: { ...parameters, ...change } }
    return judge({ ...record, manifest })
      .findings.filter(({ outcome }) => outcome === 'fail')
      .map(({ id }) => id)
  }
  const wait = (healthCheckWaitSeconds: number) => ({
    dialect: { ...parameters.dialect, healthCheckWaitSeconds },
  })
  assert.equal(failing(wait(20)), ['evacuation-states', 'initial-delay'])
  assert.equal(failing(wait(2)), ['evacuation-states', 'initial-delay'])
  assert.equal(failing({ initialDelaySeconds: 7 }), ['initial-delay'])
  assert.equal(failing({ waitTakeoverSeconds: 12 }), ['evacuation-states'])
  assert.equal(failing({ initialDelaySeconds: 2 }), ['initial-delay'])
})

test.run()
