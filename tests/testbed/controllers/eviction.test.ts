/** Pods that Kubernetes itself ends: the eviction API with its budgets, and a cordoned node, as kubectl drain uses them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { readPod } from '#weir/cluster/observe/pods.ts'
import { cluster, create, eventually, isUp, statefulSet, withCluster } from './harness.ts'

withCluster(test)

const budget = (spec: object): KubeObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'budget', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'emqx' } }, ...spec },
})

interface Answer {
  status: number
  body: { reason?: string; message?: string; details?: { causes?: { reason: string; message: string }[] } }
}

const evict = async (name: string, more: object = {}) =>
  (await cluster.kube.raw('POST', `/api/v1/namespaces/default/pods/${name}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace: 'default' },
    ...more,
  })) as Answer

const statusOf = async () => {
  const found = await cluster.kube.get(resources.podDisruptionBudgets, 'default', 'budget')
  return (found.status ?? {}) as Record<string, unknown>
}

const allows = (disruptions: number, generation = 1) =>
  eventually(async () => {
    const status = await statusOf()
    return status.disruptionsAllowed === disruptions && status.observedGeneration === generation
      ? status
      : undefined
  }, `${disruptions} disruptions allowed`)

const three = async () => {
  await create(statefulSet('blue', 3))
  await cluster.settled('blue', isUp(3), 'three pods')
}

test('a pod is evicted within its budget: it says why it goes, and comes again', async () => {
  await three()
  const before = await cluster.kube.get<Pod>(resources.pods, 'default', 'blue-1')
  await cluster.kube.create(resources.podDisruptionBudgets, budget({ minAvailable: 2 }))
  const { conditions, ...status } = await allows(1)
  assert.equal(status, {
    currentHealthy: 3,
    desiredHealthy: 2,
    disruptionsAllowed: 1,
    expectedPods: 3,
    observedGeneration: 1,
  })
  assert.is((conditions as { reason: string }[])[0]!.reason, 'SufficientPods')

  cluster.kubelet.isEager = false
  assert.is((await evict('blue-1')).status, 201)
  const refused = await evict('blue-2')
  assert.is(refused.status, 429)
  assert.is(refused.body.message, "Cannot evict pod as it would violate the pod's disruption budget.")
  const [cause] = refused.body.details?.causes ?? []
  assert.is(cause?.reason, 'DisruptionBudget')
  assert.match(
    cause!.message,
    /^The disruption budget budget (needs 2 healthy pods and has \d currently|is still)/,
  )

  const replaced = () =>
    eventually(async () => {
      const pod = await cluster.kube.get<Pod>(resources.pods, 'default', 'blue-1').catch(() => undefined)
      return pod && pod.metadata.uid !== before.metadata.uid ? pod : undefined
    }, 'the pod comes again')
  const { metadata } = await replaced()
  const marked = cluster
    .changes('Pod')
    .filter(({ object }) => object.metadata.uid === before.metadata.uid)
    .map(({ object }) => readPod(object, 'node', undefined, false))
  assert.equal([...new Set(marked.map(({ disruption }) => disruption))], [undefined, 'EvictionByEvictionAPI'])
  await cluster.kubelet.bringUp(metadata.name)
  await allows(1)
  cluster.kubelet.isEager = true
  assert.is((await evict('blue-2')).status, 201)
})

test('budgets by percentage and by maxUnavailable count the replicas that the sets ask for', async () => {
  await three()
  const created = await cluster.kube.create(resources.podDisruptionBudgets, budget({ maxUnavailable: '50%' }))
  const { expectedPods, desiredHealthy } = await allows(2)
  assert.equal({ expectedPods, desiredHealthy }, { expectedPods: 3, desiredHealthy: 1 })
  const { name } = created.metadata
  const change = (spec: object) =>
    cluster.kube.patch(resources.podDisruptionBudgets, 'default', name, 'merge', { spec })
  await change({ maxUnavailable: null, minAvailable: '50%' })
  await allows(1, 2)
  await change({ minAvailable: 4 })
  await allows(0, 3)
  assert.is((await evict('blue-0')).status, 429)
})

test('without a bound, one pod must stay', async () => {
  await three()
  const { spec } = await cluster.kube.create(resources.podDisruptionBudgets, budget({}))
  assert.is((spec as { minAvailable: number }).minAvailable, 1)
  await allows(2)
})

test('a budget selects by expressions too; an empty selector selects every pod, a missing one none', async () => {
  await three()
  const matchExpressions = [{ key: 'set', operator: 'In', values: ['blue', 'green'] }]
  await cluster.kube.create(
    resources.podDisruptionBudgets,
    budget({ minAvailable: 2, selector: { matchExpressions } }),
  )
  assert.is((await allows(1)).expectedPods, 3)
  const select = (selector: object | null) =>
    cluster.kube.patch(resources.podDisruptionBudgets, 'default', 'budget', 'merge', { spec: { selector } })
  await select({ matchExpressions: null })
  assert.is((await allows(1, 2)).expectedPods, 3)
  await select(null)
  assert.is((await allows(0, 3)).expectedPods, 0)
  assert.is((await evict('blue-0')).status, 201)
})

test('without a budget a pod may be evicted; a dry run and another pod’s name change nothing', async () => {
  await three()
  assert.is((await evict('blue-0', { deleteOptions: { dryRun: ['All'] } })).status, 201)
  assert.is((await evict('blue-0', { metadata: { name: 'blue-1' } })).status, 400)
  assert.is((await evict('none')).status, 404)
  assert.not.ok(cluster.changes('Pod').some(({ object }) => object.metadata.deletionTimestamp))
  assert.is((await evict('blue-0')).status, 201)
})

test('a pod waits while the node is cordoned, says so, and is bound when it no longer is', async () => {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'hollow' }, spec: { unschedulable: true } }
  await cluster.kube.create(resources.nodes, node)
  await create(statefulSet('blue', 1))
  const blocked = await eventually(async () => {
    const [pod] = await cluster.pods()
    return pod && readPod(pod, 'node', undefined, false).blocked
  }, 'the pod is unschedulable')
  assert.match(blocked, /^Unschedulable: 0\/1 nodes are available: 1 node\(s\) were unschedulable\./)
  await cluster.kube.patch(resources.nodes, undefined, 'hollow', 'merge', { spec: { unschedulable: null } })
  await cluster.settled('blue', isUp(1), 'one pod')
})

test.run()
