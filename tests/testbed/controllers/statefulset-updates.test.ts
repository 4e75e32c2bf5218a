import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ControllerRevision, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import {
  cluster,
  create,
  deletions,
  eventually,
  isUp,
  podChanges,
  statefulSet,
  withCluster,
  withImage,
} from './harness.ts'

withCluster(test)

const patch = (name: string, body: unknown) =>
  cluster.kube.patch(resources.statefulSets, 'default', name, 'strategic', body)

test('RollingUpdate replaces one pod at a time, highest first, each only when the last is up', async () => {
  await create(statefulSet('ee', 3))
  const before = await cluster.settled('ee', isUp(3), 'three ready pods')
  await patch('ee', withImage('4.4.15'))
  const after = await cluster.settled(
    'ee',
    (set, pods) => isUp(3)(set, pods) && set.status!.currentRevision !== before.status!.currentRevision,
    'the update',
  )
  assert.is(after.status!.currentRevision, after.status!.updateRevision)
  assert.equal(deletions(cluster), ['ee-2', 'ee-1', 'ee-0'])
  const events = cluster.changes('Pod')
  for (const [next, last] of [
    ['ee-1', 'ee-2'],
    ['ee-0', 'ee-1'],
  ] as const) {
    const marked = events.findIndex(
      ({ object }) => object.metadata.name === next && object.metadata.deletionTimestamp,
    )
    const up = events.slice(0, marked).findLast(({ object }) => object.metadata.name === last)!.object as Pod
    assert.is(up.spec.containers![0]!.image, 'emqx/emqx-ee:4.4.15')
    assert.is(up.status!.phase, 'Running')
  }
  const images = (await cluster.pods()).map((pod) => pod.spec.containers![0]!.image)
  assert.equal(new Set(images), new Set(['emqx/emqx-ee:4.4.15']))
})

test('a partition holds back the lower pods, which come back as they were', async () => {
  await create(
    statefulSet('ee', 3, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }),
  )
  await cluster.settled('ee', isUp(3), 'three ready pods')
  await patch('ee', withImage('4.4.15'))
  await cluster.settled(
    'ee',
    (set, pods) => isUp(3)(set, pods) && set.status!.updatedReplicas === 1,
    'one updated pod',
  )
  await cluster.kube.delete(resources.pods, 'default', 'ee-0')
  await eventually(() => (podChanges(cluster, 'DELETED').includes('ee-0') ? true : undefined), 'ee-0 to go')
  const set = await cluster.settled('ee', isUp(3), 'ee-0 again')
  assert.is(set.status!.currentReplicas, 2)
  const images = Object.fromEntries(
    (await cluster.pods()).map((pod) => [pod.metadata.name, pod.spec.containers![0]!.image]),
  )
  assert.equal(images, {
    'ee-0': 'emqx/emqx-ee:4.4.14',
    'ee-1': 'emqx/emqx-ee:4.4.14',
    'ee-2': 'emqx/emqx-ee:4.4.15',
  })
})

test('OnDelete changes a pod only when somebody deletes it', async () => {
  await create(statefulSet('ee', 2, { updateStrategy: { type: 'OnDelete' } }))
  await cluster.settled('ee', isUp(2), 'two ready pods')
  await patch('ee', withImage('4.4.15'))
  await cluster.settled(
    'ee',
    (set) => set.status!.updateRevision !== set.status!.currentRevision,
    'the new revision',
  )
  assert.equal(deletions(cluster), [])
  await cluster.kube.delete(resources.pods, 'default', 'ee-0')
  await cluster.settled(
    'ee',
    (set, pods) => isUp(2)(set, pods) && set.status!.updatedReplicas === 1,
    'ee-0 updated',
  )
})

test('a rollback finds the old revision again and makes it the newest', async () => {
  await create(statefulSet('ee', 1))
  const first = await cluster.settled('ee', isUp(1), 'one pod')
  await patch('ee', withImage('4.4.15'))
  await cluster.settled(
    'ee',
    (set, pods) => isUp(1)(set, pods) && set.status!.currentRevision !== first.status!.currentRevision,
    'the update',
  )
  await patch('ee', withImage('4.4.14'))
  await cluster.settled(
    'ee',
    (set, pods) => isUp(1)(set, pods) && set.status!.currentRevision === first.status!.currentRevision,
    'the rollback',
  )
  const { items } = await cluster.kube.list<ControllerRevision>(resources.controllerRevisions, {
    namespace: 'default',
  })
  assert.is(items.length, 2)
  assert.is(items.find(({ metadata }) => metadata.name === first.status!.currentRevision)!.revision, 3)
})

test.run()
