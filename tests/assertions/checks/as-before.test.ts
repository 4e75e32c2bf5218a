/** A change that was taken back leaves nothing behind, and touches nobody meanwhile. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exitCodeOf, judge } from '#weir/assertions/index.ts'
import type { Evacuation, RecordEvent } from '#weir/facts/index.ts'
import { saysOf } from './honest-run.ts'
import { NODE, podEvent, S } from './made-events.ts'
import {
  crEvent,
  endpointsEvent,
  gap,
  LEFT,
  madeReverted,
  type Operation,
  setEvent,
} from './made-operations.ts'

const says = (changes: Operation, bounds?: Record<string, number>) =>
  saysOf(madeReverted(changes), 'as-before', bounds)

test('a change that was taken back and tidied up is as before', () => {
  const { outcome, sentence } = says({})
  assert.is(outcome, 'pass', sentence)
  assert.match(sentence, /^The same 3 pods as before the change were ready and in the Service/)
})

/** [what, change, the words of the failure, bounds] */
const RED: [string, Operation, RegExp, Record<string, number>?][] = [
  [
    'the set of the change is left',
    { moreEvents: LEFT },
    /the set green, which the change made, was left and wanted 3 pods/,
  ],
  [
    'a pod from before is gone',
    { moreEvents: [{ ...podEvent('blue-1', 50 * S), ready: false, deleting: true, deleted: true }] },
    /blue-1 of before was gone/,
  ],
  [
    'a pod is not ready',
    { moreEvents: [{ ...podEvent('blue-1', 50 * S), ready: false }] },
    /blue-1 was not ready/,
  ],
  [
    'the Service lost one',
    { moreEvents: [endpointsEvent(50 * S, ['blue-0', 'blue-2'])] },
    /the Service did not lead to blue-1/,
  ],
  [
    'the Service has one more',
    { moreEvents: [endpointsEvent(50 * S, ['blue-0', 'blue-1', 'blue-2', 'green-0'])] },
    /the Service led to green-0 too/,
  ],
  [
    'the resource does not settle',
    { moreEvents: [crEvent(50 * S, 3, '5.8.6', false)] },
    /was not settled \(condition Available\)/,
  ],
  [
    'another version is asked for',
    { moreEvents: [crEvent(50 * S, 3, '5.8.99')] },
    /asked for EMQX 5\.8\.99, not 5\.8\.6/,
  ],
  [
    'somebody changes it on',
    { moreEvents: [crEvent(50 * S, 5, '5.8.6')] },
    /changed 4 times, and at most 2 times/,
  ],
  ['nothing was to be changed', {}, /changed 2 times, and never was asked for/, { generations: 0 }],
]

for (const [what, changes, words, bounds] of RED)
  test(`${what}: as-before fails`, () => {
    const { outcome, sentence } = says(changes, bounds)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

/** The resource as the watch shows it, and as weir reads it. */
const shown = (t: number, generation: number, spec: object): RecordEvent[] => [
  {
    ...{ t, type: 'watch', kind: 'EMQX', event: 'MODIFIED', namespace: 'default', name: 'emqx' },
    object: { kind: 'EMQX', spec },
  },
  crEvent(t, generation, '5.8.6'),
]

test('a generation that asks for the same as the one before is no change', () => {
  const again = (spec: object) =>
    says({ moreEvents: [...shown(45 * S, 3, { replicas: 3 }), ...shown(50 * S, 4, spec)] })
  assert.is(again({ replicas: 3 }).outcome, 'pass')
  assert.match(again({ replicas: 4 }).sentence, /changed 3 times, and at most 2 times/)
  const unseen = says({ moreEvents: [...shown(45 * S, 3, { replicas: 3 }), crEvent(50 * S, 4, '5.8.6')] })
  assert.match(unseen.sentence, /changed 3 times/)
})

test('a generation whose secrets are not in the record may have changed one, and counts', () => {
  const spec = { config: { data: 'license.key = [redacted]' } }
  const { outcome, sentence } = says({ moreEvents: [...shown(45 * S, 3, spec), ...shown(50 * S, 4, spec)] })
  assert.is(outcome, 'fail')
  assert.match(sentence, /changed 3 times, and at most 2 times/)
})

test('what is unknown is open', () => {
  const open: [Operation, RegExp][] = [
    ...['Pod', 'StatefulSet', 'EndpointSlice', 'EMQX'].map((kind): [Operation, RegExp] => [
      { moreEvents: [gap(kind)] },
      /a watch was lost/,
    ]),
    [{ without: ['cr'] }, /does not show the resource/],
    [{ without: ['endpoints'] }, /the Service was never seen/],
    [{ moreEvents: LEFT, end: 'interrupted' }, /ends before the operation/],
  ]
  for (const [changes, words] of open) {
    const { outcome, sentence } = says(changes)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  }
})

const OF_BLUE_2: Evacuation = {
  ...{ node: NODE('blue-2'), state: 'evicting_conns', connectionEvictionRate: 10, sessionEvictionRate: 10 },
  ...{ recipients: [], initialConnected: 10, initialSessions: 0, currentConnected: 9, currentSessions: 0 },
}

const untouched = (moreEvents: RecordEvent[], bounds: Record<string, number>) =>
  saysOf(madeReverted({ moreEvents }), 'untouched', bounds)

test('one set that never serves may come, but no second one, and no evacuation', () => {
  assert.match(untouched([], {}).sentence, /^A new set, green, got pods/)
  assert.is(untouched([], { sets: 1 }).outcome, 'pass')
  const second = untouched([setEvent(30 * S, 'red', 3, 0)], { sets: 1 })
  assert.is(second.outcome, 'fail')
  assert.match(second.sentence, /^A new set, red, got pods/)
  const evacuated = untouched([evacuation(21 * S, []), evacuation(30 * S)], { sets: 1 })
  assert.is(evacuated.outcome, 'fail')
  assert.match(evacuated.sentence, /^EMQX began to evacuate emqx@blue-2 at \+10\.0 s after the trigger/)
  const earlier = untouched([evacuation(21 * S), evacuation(30 * S)], { sets: 1 })
  assert.is(earlier.outcome, 'pass', earlier.sentence)
})

const evacuation = (t: number, evacuations = [OF_BLUE_2]): RecordEvent => ({
  ...{ t, type: 'evacuation', via: 'blue-0', tookNs: 1e6 },
  evacuations,
})

const ID = 'operator-2.1.0-2.2.29-set-left'

function expecting(operator: string, more: RecordEvent[], asserts = ['as-before']) {
  const record = madeReverted({ moreEvents: more })
  const parameters = record.manifest.parameters!
  const dialect = { ...parameters.dialect, operator }
  return {
    ...record,
    manifest: {
      ...record.manifest,
      parameters: { ...parameters, dialect },
      asserts: asserts.map((id) => ({ id })),
      knownDeviations: [ID],
    },
  }
}

test('the set that released operators leave is a known deviation, and a run that shows just that is content', () => {
  const record = expecting('2.2.29', LEFT)
  const verdict = judge(record)
  assert.is(verdict.findings[0]?.deviation, ID)
  assert.equal(verdict.deviations, { expected: [ID], seen: [ID], asExpected: true })
  assert.is(exitCodeOf(verdict, record.manifest.end), 0)
})

test('what another operator leaves, or pods that did start, are no such deviation', () => {
  assert.is(judge(expecting('2.3.0', LEFT)).findings[0]?.deviation, undefined)
  const started = [...LEFT, podEvent('green-1', 44 * S)]
  assert.is(judge(expecting('2.2.29', started)).findings[0]?.deviation, undefined)
  const gone: RecordEvent = { ...podEvent('blue-1', 50 * S), ready: false, deleting: true, deleted: true }
  assert.is(judge(expecting('2.2.29', [...LEFT, gone])).findings[0]?.deviation, undefined)
  const clean = expecting('2.2.29', [])
  assert.is(exitCodeOf(judge(clean), clean.manifest.end), 1, 'an operator that tidies up deviates otherwise')
})

test.run()
