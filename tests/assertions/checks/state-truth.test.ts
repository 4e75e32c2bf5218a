/** What a resource says of itself beside what its pods and its Service show: in time, too early, too late, never, and unseen. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent } from '#weir/facts/index.ts'
import { saysOf } from './honest-run.ts'
import { podEvent, S } from './made-events.ts'
import { crEvent, endpointsEvent, gap, madeResize } from './made-operations.ts'
import { madeScaleOut, type ScaleOut } from './made-scale-out.ts'

/** The resource, and how many nodes it asks for. */
const says = (t: number, settled: boolean, wanted: number, generation = 2): RecordEvent => ({
  ...(crEvent(t * S, generation, '5.8.9', settled) as Extract<RecordEvent, { type: 'cr' }>),
  wanted,
})

const scaledOut = (moreEvents: RecordEvent[], bounds?: Record<string, number>, more: ScaleOut = {}) =>
  saysOf(madeScaleOut({ ...more, moreEvents: [says(1, true, 3, 1), ...moreEvents] }), 'state-truth', bounds)

test('a resource that says so when its last node serves', () => {
  const { outcome, sentence, measured } = scaledOut([says(20.1, false, 5), says(28, true, 5)])
  assert.is(outcome, 'pass', sentence)
  assert.is(measured, '1.0 s after it was true')
})

test('an event that comes a moment before those of pods and Service is not too early', () => {
  assert.is(scaledOut([says(20.1, false, 5), says(25.5, true, 5)]).outcome, 'pass')
})

/** [what, events, bounds, the words]: the added pods are ready at +5 s and serve at +7 s. */
const RED: [string, RecordEvent[], Record<string, number>, RegExp][] = [
  [
    'too early: it never said anything else',
    [says(20.1, true, 5)],
    {},
    /^The resource said at \+0\.1 s after the trigger that it runs as asked \(运行中\), but 3 of 5 pods were ready/,
  ],
  [
    'too early: it says so anew',
    [says(20.1, false, 5), says(22, true, 5)],
    {},
    /^The resource said at \+2\.0 s after the trigger .*3 of 5 pods were ready/,
  ],
  [
    'too early: it says so before the Service leads there',
    [says(20.1, false, 5), says(25.5, true, 5)],
    { earlySeconds: 1 },
    /but the Service did not lead to blue-3 and blue-4/,
  ],
  [
    'too late',
    [says(20.1, false, 5), says(45, true, 5)],
    { lateSeconds: 10 },
    /as asked at \+7\.0 s after the trigger, but the resource said so only 18\.0 s later/,
  ],
  ['never', [says(20.1, false, 5)], { lateSeconds: 10 }, /29\.0 s later the resource still did not say so/],
]
for (const [what, events, bounds, words] of RED)
  test(`${what}: it fails`, () => {
    const { outcome, sentence } = scaledOut(events, bounds)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

test('more than a minute after is too late, by itself', () => {
  const moreEvents = [says(1, true, 3, 1), says(20.1, false, 5), says(95, true, 5)]
  const record = madeScaleOut({ took: null, moreEvents })
  const events = record.events.map(moved).sort((a, b) => a.t - b.t)
  const later = { ...record, events }
  later.manifest.end = { t: 120 * S, how: 'completed' }
  const { outcome, sentence } = saysOf(later, 'state-truth')
  assert.is(outcome, 'fail', sentence)
  assert.match(sentence, /only 68\.0 s later/)
})

/** What comes after the operation, a minute later. */
const moved = (event: RecordEvent): RecordEvent =>
  event.t > 50 * S && event.t <= 60 * S ? { ...event, t: event.t + 60 * S } : event

/** [what, events, the words] */
const OPEN: [string, RecordEvent[], ScaleOut, RegExp][] = [
  [
    'not yet, within its time',
    [says(20.1, false, 5)],
    {},
    /ends 29\.0 s after pods and Service were as asked/,
  ],
  ['cut off', [says(20.1, false, 5)], { end: 'interrupted' }, /ends before the resource said/],
  [
    'the operation did not come to its end',
    [says(20.1, false, 5)],
    { serving: ['blue-0', 'blue-1', 'blue-2'] },
    /at the end the Service did not lead to blue-3/,
  ],
  ['pods unseen', [says(20.1, false, 5), says(28, true, 5), gap('Pod')], {}, /a watch was lost/],
  ['the number of nodes is unknown', [crEvent(20.1 * S, 2, '5.8.9')], {}, /is not recorded/],
]
for (const [what, events, more, words] of OPEN)
  test(`${what}: it is open`, () => {
    const { outcome, sentence } = scaledOut(events, {}, more)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  })

/** An update of three pods: new ones from 25 s on, in the Service from 28 s on; old ones go at 30, 35 and 40 s. */
const updated = (claims: RecordEvent[]) =>
  saysOf(
    madeResize({
      moreEvents: [
        endpointsEvent(28 * S, ['green-0', 'green-1', 'green-2']),
        ...[2, 1, 0].map((i, index) => ({
          ...podEvent(`blue-${i}`, (30 + 5 * index) * S),
          ...{ deleting: true },
        })),
        says(1, true, 3, 1),
        ...claims,
      ],
    }),
    'state-truth',
  )

test('an update: new pods that nobody has come to are no nodes of the resource yet', () => {
  const { outcome, sentence } = updated([says(20.1, true, 3), says(29, false, 3), says(41, true, 3)])
  assert.is(outcome, 'pass', sentence)
})

test('an update: what it goes on to say while old nodes are left is too early', () => {
  const { outcome, sentence } = updated([says(20.1, true, 3)])
  assert.is(outcome, 'fail', sentence)
  assert.match(sentence, /but \d of 3 pods were ready/)
})

test('an update: what it says anew before the last old node is left is too early', () => {
  const { outcome, sentence } = updated([says(20.1, true, 3), says(29, false, 3), says(32, true, 3)])
  assert.is(outcome, 'fail', sentence)
})

test('a pod that is being deleted keeps nothing from running as asked', () => {
  const ending = podEvent('blue-9', 2 * S)
  const events = [ending, { ...ending, t: 21 * S, deleting: true }, says(20.1, false, 5), says(28, true, 5)]
  const { outcome, sentence } = scaledOut(events)
  assert.is(outcome, 'pass', sentence)
})

test.run()
