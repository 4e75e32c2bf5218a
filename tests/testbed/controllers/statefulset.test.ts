import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import {
  type Change,
  cluster,
  create,
  deletions,
  eventually,
  isUp,
  podChanges,
  statefulSet,
  withCluster,
} from './harness.ts'

withCluster(test)

const scale = (name: string, replicas: number) =>
  cluster.kube.patch(resources.statefulSets, 'default', name, 'merge', { spec: { replicas } })
const messages = () =>
  cluster
    .changes('Event')
    .filter(({ type }) => type === 'ADDED')
    .map(({ object }) => `${object.reason} ${object.message}`)
test('Parallel: all pods at once, named, labelled and owned as the recordings show', async () => {
  const made = await create(statefulSet('ee', 3))
  const set = await cluster.settled('ee', isUp(3), 'three ready pods')
  const revision = set.status!.currentRevision!
  assert.match(revision, /^ee-[bcdfghjklmnpqrstvwxz2456789]{8,10}$/)
  assert.equal(set.status, {
    observedGeneration: 1,
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    currentRevision: revision,
    updateRevision: revision,
    collisionCount: 0,
  })
  const pod = (await cluster.pods()).find(({ metadata }) => metadata.name === 'ee-1')!
  assert.equal(pod.metadata.labels, {
    app: 'emqx',
    set: 'ee',
    'apps.kubernetes.io/pod-index': '1',
    'controller-revision-hash': revision,
    'statefulset.kubernetes.io/pod-name': 'ee-1',
  })
  assert.is(pod.metadata.generateName, 'ee-')
  assert.equal(pod.metadata.ownerReferences, [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      name: 'ee',
      uid: made.metadata.uid!,
      controller: true,
      blockOwnerDeletion: true,
    },
  ])
  assert.is(pod.spec.hostname, 'ee-1')
  assert.is(pod.spec.subdomain, 'emqx-headless')
  await eventually(() => (messages().length >= 6 ? true : undefined), 'the Events')
  for (const i of [0, 1, 2]) {
    assert.ok(messages().includes(`SuccessfulCreate create Pod ee-${i} in StatefulSet ee successful`))
    assert.ok(messages().includes(`Scheduled Successfully assigned default/ee-${i} to hollow`))
  }
})

test('the first status written has no replicas, but the revisions, as recorded', async () => {
  await create(statefulSet('ee', 3))
  await cluster.settled('ee', isUp(3), 'three ready pods')
  const statuses = cluster.changes('StatefulSet').map(({ object }) => (object as StatefulSet).status!)
  assert.equal(statuses[0], { replicas: 0, availableReplicas: 0 })
  assert.is(statuses[1]!.replicas, 0)
  assert.is(statuses[1]!.observedGeneration, 1)
  assert.is(statuses[1]!.currentReplicas, undefined)
  assert.ok(statuses[1]!.currentRevision)
  const made = cluster.changes('Pod', 'StatefulSet').map(({ kind, type }) => `${type} ${kind}`)
  assert.equal(
    made.filter((each) => each.startsWith('ADDED')),
    ['ADDED StatefulSet', 'ADDED Pod', 'ADDED Pod', 'ADDED Pod'],
  )
})

test('scaled in, the highest pods go together; while they go they count as replicas but not as current', async () => {
  await create(statefulSet('ee', 4))
  await cluster.settled('ee', isUp(4), 'four ready pods')
  await scale('ee', 1)
  const set = await cluster.settled('ee', isUp(1), 'one pod')
  assert.equal(deletions(cluster), ['ee-3', 'ee-2', 'ee-1'])
  assert.is(set.status!.observedGeneration, 2)
  const going = cluster
    .changes('StatefulSet')
    .map(({ object }) => (object as StatefulSet).status!)
    .filter((status) => status.observedGeneration === 2 && status.replicas > (status.currentReplicas ?? 0))
  assert.ok(going.length > 0, 'terminating pods are replicas that are not current')
  await eventually(
    () =>
      messages().includes('SuccessfulDelete delete Pod ee-1 in StatefulSet ee successful') ? true : undefined,
    'the Event',
  )
})

test('scaled to nothing, the optional counts are left out, and the set stays', async () => {
  await create(statefulSet('ee', 2))
  await cluster.settled('ee', isUp(2), 'two ready pods')
  await scale('ee', 0)
  const set = await cluster.settled('ee', isUp(0), 'no pods')
  const revision = set.status!.currentRevision!
  assert.equal(set.status, {
    observedGeneration: 2,
    replicas: 0,
    availableReplicas: 0,
    currentRevision: revision,
    updateRevision: revision,
    collisionCount: 0,
  })
})

test('OrderedReady: each pod waits for the one before it, and they go one by one from the top', async () => {
  cluster.kubelet.isEager = false
  await create(statefulSet('ee', 3, { podManagementPolicy: 'OrderedReady' }))
  for (const i of [0, 1, 2]) {
    const name = `ee-${i}`
    await eventually(
      async () =>
        (await cluster.pods()).find(({ metadata, spec }) => metadata.name === name && spec.nodeName),
      name,
    )
    assert.is((await cluster.pods()).length, i + 1)
    await cluster.kubelet.bringUp(name)
  }
  await cluster.settled('ee', isUp(3), 'three ready pods')
  await scale('ee', 0)
  await cluster.settled('ee', isUp(0), 'no pods')
  assert.equal(deletions(cluster), ['ee-2', 'ee-1', 'ee-0'])
  assert.equal(podChanges(cluster, 'DELETED'), ['ee-2', 'ee-1', 'ee-0'])
})

test('pods that fail or vanish are made again', async () => {
  await create(statefulSet('ee', 2))
  await cluster.settled('ee', isUp(2), 'two ready pods')
  const uids = async () =>
    Object.fromEntries((await cluster.pods()).map(({ metadata }) => [metadata.name, metadata.uid]))
  const before = await uids()
  await cluster.kubelet.fail('ee-0')
  await cluster.kube.delete(resources.pods, 'default', 'ee-1', { gracePeriodSeconds: 0 })
  await eventually(async () => {
    const after = await uids()
    return Object.keys(after).length === 2 &&
      Object.values(after).every((uid) => !Object.values(before).includes(uid))
      ? true
      : undefined
  }, 'two new pods')
  await cluster.settled('ee', isUp(2), 'two ready pods again')
  assert.ok(messages().includes('RecreatingFailedPod StatefulSet default/ee is recreating failed Pod ee-0'))
})

test('claims are made for each pod and outlive the set', async () => {
  const template = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Mi' } } },
  }
  await create(statefulSet('ee', 2, { volumeClaimTemplates: [template] }))
  await cluster.settled('ee', isUp(2), 'two ready pods')
  const pod = (await cluster.pods())[1]!
  assert.equal(pod.spec.volumes, [{ name: 'data', persistentVolumeClaim: { claimName: 'data-ee-1' } }])
  await cluster.kube.delete(resources.statefulSets, 'default', 'ee')
  await eventually(async () => ((await cluster.pods()).length === 0 ? true : undefined), 'the pods to go')
  const { items } = await cluster.kube.list(resources.persistentVolumeClaims, { namespace: 'default' })
  assert.equal(
    items.map(({ metadata }) => metadata.name),
    ['data-ee-0', 'data-ee-1'],
  )
})

test('two sets with the same selector keep to their own pods', async () => {
  const shared = { matchLabels: { app: 'emqx' } }
  await create(statefulSet('blue', 2, { selector: shared }))
  await create(statefulSet('green', 2, { selector: shared }))
  await cluster.settled('blue', isUp(2), 'blue')
  await cluster.settled('green', isUp(2), 'green')
  await scale('blue', 0)
  await cluster.settled('blue', isUp(0), 'no blue pods')
  const left = (await cluster.pods()).map(({ metadata }) => metadata.name)
  assert.equal(left, ['green-0', 'green-1'])
})

test('orphans of an earlier set are taken over, with their revision, and not replaced', async () => {
  await create(statefulSet('ee', 2))
  const first = await cluster.settled('ee', isUp(2), 'two ready pods')
  const uids = (await cluster.pods()).map(({ metadata }) => metadata.uid)
  await cluster.kube.delete(resources.statefulSets, 'default', 'ee', { propagationPolicy: 'Orphan' })
  await eventually(async () => {
    const { items } = await cluster.kube.list(resources.statefulSets, { namespace: 'default' })
    return items.length === 0 ? true : undefined
  }, 'the set to go')
  const orphans = await cluster.pods()
  assert.equal(
    orphans.map(({ metadata }) => metadata.ownerReferences ?? []),
    [[], []],
  )
  const again = await create(statefulSet('ee', 2))
  const isMine = ({ metadata }: Pod) => metadata.ownerReferences?.[0]?.uid === again.metadata.uid
  const set = await cluster.settled(
    'ee',
    (now, pods) => isUp(2)(now, pods) && now.status!.updatedReplicas === 2 && pods.every(isMine),
    'adoption',
  )
  assert.is(set.status!.currentRevision, first.status!.currentRevision)
  assert.equal(
    (await cluster.pods()).map(({ metadata }) => metadata.uid),
    uids,
  )
})

test('no pod is told to go twice, and none is made twice', async () => {
  await create(statefulSet('ee', 5))
  await cluster.settled('ee', isUp(5), 'five ready pods')
  for (const replicas of [2, 5, 1]) {
    await scale('ee', replicas)
    await cluster.settled('ee', isUp(replicas), `${replicas} pods`)
  }
  const made = podChanges(cluster, 'ADDED').length
  const deleted = podChanges(cluster, 'DELETED').length
  const counted = (reason: string) => {
    const latest = new Map<string, Change>()
    for (const change of cluster.changes('Event')) latest.set(change.object.metadata.name, change)
    return [...latest.values()]
      .filter(({ object }) => object.reason === reason)
      .reduce((sum, { object }) => sum + Number(object.count), 0)
  }
  // The recorder writes Events after the changes that they tell of.
  await eventually(
    () => (counted('SuccessfulCreate') >= made && counted('SuccessfulDelete') >= deleted ? true : undefined),
    'an Event for each change',
  )
  assert.is(counted('SuccessfulCreate'), made)
  assert.is(counted('SuccessfulDelete'), deleted)
  assert.is(made, 8)
})

test.run()
