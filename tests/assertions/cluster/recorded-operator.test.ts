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

test.run()
