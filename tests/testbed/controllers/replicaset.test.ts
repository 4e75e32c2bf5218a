import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ReplicaSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type Cluster, eventually, startCluster } from './harness.ts'

const COST = 'controller.kubernetes.io/pod-deletion-cost'
const LABELS = { app: 'emqx', role: 'replicant' }

let cluster: Cluster
test.before.each(async () => {
  cluster = await startCluster()
})
test.after.each(async () => {
  await cluster.close()
  assert.equal(cluster.errors, [])
})

const replicaSet = (replicas: number): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'r', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: 'emqx', image: 'emqx/emqx:5.8.9' }] },
    },
  },
})

const create = (replicas: number) => cluster.kube.create(resources.replicaSets, replicaSet(replicas))
const scale = (replicas: number) =>
  cluster.kube.patch(resources.replicaSets, 'default', 'r', 'merge', { spec: { replicas } })

/** Waits for so many pods, all ready and told of in the status. */
async function settled(replicas: number): Promise<{ set: ReplicaSet; names: string[] }> {
  return eventually(async () => {
    const set = await cluster.kube.get<ReplicaSet>(resources.replicaSets, 'default', 'r')
    const pods = await cluster.pods()
    const isSo =
      pods.length === replicas &&
      set.status?.replicas === replicas &&
      (set.status.readyReplicas ?? 0) === replicas &&
      set.status.observedGeneration === set.metadata.generation
    return isSo ? { set, names: pods.map(({ metadata }) => metadata.name).sort() } : undefined
  }, `${replicas} pods`)
}

/** The set's own Events, once there are so many. */
async function events(count: number): Promise<string[]> {
  return eventually(async () => {
    const { items } = await cluster.kube.list<KubeObject>(resources.events, { namespace: 'default' })
    const own = items
      .filter(({ source }) => (source as { component?: string }).component === 'replicaset-controller')
      .map(({ reason, message }) => `${reason} ${message}`)
    return own.length >= count ? own.sort() : undefined
  }, `${count} events`)
}

test('pods get random names and an owner, the set a status and an Event for each', async () => {
  const created = await create(3)
  const { set, names } = await settled(3)
  assert.equal(set.status, {
    replicas: 3,
    fullyLabeledReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    observedGeneration: 1,
  })
  for (const name of names) assert.match(name, /^r-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  assert.is(new Set(names).size, 3)
  for (const pod of await cluster.pods())
    assert.equal(pod.metadata.ownerReferences, [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: 'r',
        uid: created.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ])
  assert.equal(
    await events(3),
    names.map((name) => `SuccessfulCreate Created pod: ${name}`),
  )
})

test('the pod that was marked as the cheapest is the one that goes', async () => {
  await create(3)
  const { names } = await settled(3)
  const chosen = names[1]!
  await cluster.kube.patch(resources.pods, 'default', chosen, 'merge', {
    metadata: { annotations: { [COST]: '-99999' } },
  })
  await scale(2)
  const after = await settled(2)
  assert.equal(
    after.names,
    names.filter((name) => name !== chosen),
  )
  assert.ok((await events(4)).includes(`SuccessfulDelete Deleted pod: ${chosen}`))
})

test('a pod that is gone is replaced, and a set of none has no counts but that', async () => {
  await create(2)
  const { names } = await settled(2)
  await cluster.kube.delete(resources.pods, 'default', names[0]!)
  const later = await eventually(async () => {
    const now = await settled(2)
    return now.names.includes(names[0]!) ? undefined : now
  }, 'another pod')
  assert.ok(later.names.includes(names[1]!))
  await scale(0)
  const { set } = await settled(0)
  assert.equal(set.status, { replicas: 0, observedGeneration: 2 })
})

test.run()
