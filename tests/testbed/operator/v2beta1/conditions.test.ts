import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  newest,
  nextCondition,
  type ReadyPods,
  set,
} from '#weir/testbed/operator/v2beta1/condition-machine.ts'
import type { ConditionType, Emqx, EmqxStatus, NodesStatus } from '#weir/testbed/operator/v2beta1/types.ts'

const NOW_MS = Date.parse('2026-11-24T12:00:00Z')

const cr = (replicants?: number) =>
  ({
    metadata: { name: 'emqx' },
    spec: {
      coreTemplate: { spec: { replicas: 3 } },
      ...(replicants !== undefined && { replicantTemplate: { spec: { replicas: replicants } } }),
    },
  }) as Emqx

const settled: NodesStatus = { replicas: 3, readyReplicas: 3, currentRevision: 'a', updateRevision: 'a' }

/** The conditions after one step from these, newest first. */
function after(
  from: ConditionType[],
  ready: ReadyPods,
  { replicants, status = {} }: { replicants?: number; status?: EmqxStatus } = {},
): ConditionType[] {
  const now: EmqxStatus = structuredClone(status)
  for (const type of from.toReversed()) set(now, { type, reason: type, message: '' }, NOW_MS - 1000)
  nextCondition(cr(replicants), now, ready, NOW_MS)
  return (now.conditions ?? []).map(({ type }) => type)
}

const none = { cores: 0, replicants: 0 }
const cores = { cores: 3, replicants: 0 }
const all = { cores: 3, replicants: 2 }

test('one step at a time, from nothing to Ready', () => {
  assert.equal(after([], none), ['CoreNodesProgressing'])
  assert.equal(after(['CoreNodesProgressing'], none), ['CoreNodesProgressing'])
  assert.equal(after(['CoreNodesProgressing'], { cores: 2, replicants: 0 }), ['CoreNodesProgressing'])
  assert.equal(after(['CoreNodesProgressing'], cores), ['CoreNodesReady', 'CoreNodesProgressing'])
  assert.equal(after(['CoreNodesReady'], cores), ['Available', 'CoreNodesReady'])
  assert.equal(after(['Available'], cores, { status: { coreNodesStatus: settled } }), ['Ready', 'Available'])
})

test('with replicants these come between', () => {
  const replicants = 2
  const progressing = ['ReplicantNodesProgressing', 'CoreNodesReady'] as ConditionType[]
  assert.equal(after(['CoreNodesReady'], cores, { replicants }), progressing)
  assert.equal(after(progressing, cores, { replicants }), progressing)
  assert.equal(after(progressing, all, { replicants }), ['ReplicantNodesReady', ...progressing])
  assert.equal(after(['ReplicantNodesReady'], all, { replicants })[0], 'Available')
  // None are wanted: as if there were no template.
  assert.equal(after(['CoreNodesReady'], cores, { replicants: 0 })[0], 'Available')
})

test('Available stays while a set is being left, or too many nodes run', () => {
  const from = (fields: NodesStatus) =>
    after(['Available'], cores, { status: { coreNodesStatus: { ...settled, ...fields } } })[0]
  assert.is(from({ currentRevision: 'old' }), 'Available')
  assert.is(from({ readyReplicas: 4 }), 'Available')
  const half: EmqxStatus = {
    coreNodesStatus: settled,
    replicantNodesStatus: { replicas: 2, readyReplicas: 2, currentRevision: 'old', updateRevision: 'a' },
  }
  assert.is(after(['Available'], all, { replicants: 2, status: half })[0], 'Available')
})

test('Ready falls back to the beginning when a core is missing, and half-way when a replicant is', () => {
  const ready: ConditionType[] = ['Ready', 'Available', 'CoreNodesReady', 'CoreNodesProgressing']
  assert.equal(after(ready, { cores: 2, replicants: 0 }), ['CoreNodesProgressing'])
  assert.equal(after(ready, cores), ready)
  assert.equal(after(ready, { cores: 3, replicants: 1 }, { replicants: 2 }), [
    'ReplicantNodesProgressing',
    'CoreNodesReady',
    'CoreNodesProgressing',
  ])
})

test('a condition that comes again stands in front, with the time of its return', () => {
  const status: EmqxStatus = {}
  const at = (seconds: number) => NOW_MS + seconds * 1000
  set(status, { type: 'CoreNodesProgressing', reason: 'CreateNewStatefulSet', message: '' }, at(0))
  set(status, { type: 'CoreNodesReady', reason: 'CoreNodesReady', message: '' }, at(1))
  set(status, { type: 'CoreNodesProgressing', reason: 'UpdateStatefulSet', message: '' }, at(2))
  assert.is(newest(status), 'CoreNodesProgressing')
  assert.equal(
    status.conditions?.map(({ type, reason, lastTransitionTime }) => [type, reason, lastTransitionTime]),
    [
      ['CoreNodesProgressing', 'UpdateStatefulSet', '2026-11-24T12:00:02Z'],
      ['CoreNodesReady', 'CoreNodesReady', '2026-11-24T12:00:01Z'],
    ],
  )
})

test.run()
