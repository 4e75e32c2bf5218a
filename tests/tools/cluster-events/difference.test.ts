import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { RecordEvent } from '#weir/facts/index.ts'
import { differenceOf } from '#weir/tools/cluster-events/difference.ts'
import { timelineOf } from '#weir/tools/cluster-events/timeline.ts'

const set = (t: number, name: string, readyReplicas: number): RecordEvent => ({
  t: t * 1e9,
  type: 'set',
  kind: 'StatefulSet',
  name,
  createdUnixMs: 0,
  specReplicas: 3,
  replicas: 3,
  readyReplicas,
  deleted: false,
})

const pod = (t: number, set: string, index: number, deleting = false): RecordEvent => ({
  t: t * 1e9,
  type: 'pod',
  name: `${set}-${index}`,
  uid: `${set}${index}`,
  set,
  node: `emqx@${set}-${index}.emqx-headless.default.svc.cluster.local`,
  phase: 'Running',
  ready: true,
  deleting,
  deleted: false,
})

const trigger = (t: number): RecordEvent => ({ t: t * 1e9, type: 'mark', name: 'trigger' })

const run = (hash: string, late: number) => [
  set(1, `emqx-core-${hash}`, 3),
  pod(2, `emqx-core-${hash}`, 0),
  trigger(10 + late),
  set(11 + late, `emqx-core-${hash}`, 3),
  pod(12 + late, `emqx-core-${hash}`, 0, true),
]

test('hashes of sets and times of triggers make no difference, repetitions are left out', () => {
  const rows = differenceOf(timelineOf(run('7fc5549dd5', 0)), timelineOf(run('74bfd47b8f', 5)))
  assert.equal(
    rows.map(({ kind, text, left, right }) => [kind, text, left, right]),
    [
      ['same', 'StatefulSet emqx-core-#1: 3 wanted, 3 ready', -9, -14],
      ['same', 'Pod emqx-core-#1-0: Running, ready', -8, -13],
      ['same', 'Pod emqx-core-#1-0: Running, ready, deleting', 2, 2],
    ],
  )
})

test('what is in one run alone, and what comes in another order', () => {
  const line = (text: string) => ({ seconds: 0, text })
  const rows = differenceOf(['a', 'b', 'c', 'd'].map(line), ['a', 'c', 'b', 'x', 'd'].map(line))
  const kinds = rows.map(
    ({ kind, text, left }) => `${text} ${kind === 'only' ? (left === undefined ? '>' : '<') : kind}`,
  )
  assert.equal(kinds, ['a same', 'b elsewhere', 'c same', 'b elsewhere', 'x >', 'd same'])
})

test.run()
