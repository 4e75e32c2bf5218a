/** What a resize promises beyond an update: the resources of every pod, and that none was killed for them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent } from '#weir/facts/index.ts'
import { saysOf } from './honest-run.ts'
import { podEvent, S } from './made-events.ts'
import { gap, LARGE, madeResize, type Operation, SMALL } from './made-operations.ts'

const says = (changes: Operation, bounds?: Record<string, number>) =>
  saysOf(madeResize(changes), 'resized', bounds)

const green = (more: object, t = 30 * S): RecordEvent => ({
  ...podEvent('green-1', t),
  ...{ resources: LARGE, container: { restarts: 0 } },
  ...more,
})
const ended = (restarts: number, reason: string) => ({
  container: { restarts, lastEnd: { finishedAt: '2026-01-01T00:00:00Z', exitCode: 137, reason } },
})

test('every pod has what was asked for', () => {
  const { outcome, sentence } = says({})
  assert.is(outcome, 'pass', sentence)
  assert.match(sentence, /^EMQX had requests cpu 1 and memory 2Gi, limits cpu 2 and memory 2Gi in all 3 pods/)
  const otherwise = { requests: { cpu: '1000m', memory: '2048Mi' }, limits: { cpu: 2, memory: '2Gi' } }
  assert.is(says({ moreEvents: [green({ resources: otherwise })] }).outcome, 'pass', 'written in another way')
})

/** [what, change, the words of the failure] */
const RED: [string, Operation, RegExp][] = [
  [
    'one pod keeps the resources of before',
    { moreEvents: [green({ resources: SMALL })] },
    /^1 of 3 pods had other resources at the end: green-1 had requests cpu 500m instead of 1, .*limits memory 1Gi instead of 2Gi\.$/,
  ],
  ['one pod has none', { moreEvents: [green({ resources: {} })] }, /requests cpu none instead of 1/],
  [
    'replicants are left as they were',
    {
      moreEvents: [
        { ...podEvent('replica-0', 1 * S), role: 'replicant', resources: SMALL },
        { ...podEvent('replica-0', 50 * S), role: 'replicant', resources: SMALL },
      ],
    },
    /^1 of 4 pods had other resources at the end: replica-0/,
  ],
  [
    'EMQX is killed for its memory',
    { moreEvents: [green(ended(1, 'OOMKilled'))] },
    /^EMQX in pod green-1 was killed/,
  ],
  [
    'EMQX restarts',
    { moreEvents: [green(ended(2, 'Error'))] },
    /^EMQX in pod green-1 had restarted 2 times at \+10\.0 s/,
  ],
  [
    'a pod does not come',
    { moreEvents: [green({ deleting: true, deleted: true }, 50 * S)] },
    /^At the end there were 2 pods of 3/,
  ],
]

for (const [what, changes, words] of RED)
  test(`${what}: resized fails`, () => {
    const { outcome, sentence } = says(changes)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

test('a restart may be allowed, and one of a pod that goes counts for nothing', () => {
  assert.is(says({ moreEvents: [green(ended(1, 'Error'))] }, { restarts: 1 }).outcome, 'pass')
  const old = { ...podEvent('blue-1', 30 * S), ...ended(3, 'Error') }
  assert.is(says({ moreEvents: [old] }).outcome, 'pass')
})

test('what is unknown is open', () => {
  const open: [Operation, RegExp][] = [
    [{ parameters: { targetResources: undefined } }, /the change was none of resources/],
    [{ moreEvents: [green({ resources: undefined })] }, /does not have the resources of green-1/],
    [{ moreEvents: [gap('Pod')] }, /a watch was lost/],
    [{ moreEvents: [green({ resources: SMALL })], end: 'interrupted' }, /ends before the operation/],
  ]
  for (const [changes, words] of open) {
    const { outcome, sentence } = says(changes)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  }
})

test.run()
