import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conditionOf, type Deployment, type Pod, type ReplicaSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { type Cluster, eventually, startCluster } from './harness.ts'

const LABELS = { app: 'operator' }

const deploymentOf = (image: string, more: object = {}): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'operator', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: LABELS },
    template: { metadata: { labels: LABELS }, spec: { containers: [{ name: 'manager', image }] } },
    ...more,
  },
})

let cluster: Cluster
test.before.each(async () => {
  cluster = await startCluster()
})
test.after.each(() => cluster.close())

const read = () => cluster.kube.get<Deployment>(resources.deployments, 'default', 'operator')
const sets = async () =>
  (await cluster.kube.list<ReplicaSet>(resources.replicaSets, { namespace: 'default' })).items
const imagesOf = (pods: Pod[]) => pods.map(({ spec }) => spec.containers[0]!.image).sort()

const becomes = (isSo: () => Promise<boolean>, what: string) =>
  eventually(async () => ((await isSo()) ? true : undefined), what)

async function complete(): Promise<Deployment> {
  await becomes(async () => {
    const { status, metadata } = await read()
    return (
      status?.observedGeneration === metadata.generation &&
      status?.availableReplicas === 2 &&
      status?.updatedReplicas === 2 &&
      status?.replicas === 2
    )
  }, 'the Deployment is complete')
  return read()
}

test('a Deployment has a ReplicaSet of its template, and says when its pods are available', async () => {
  await cluster.kube.create(resources.deployments, deploymentOf('operator:1'))
  const done = await complete()
  const [set] = await sets()
  assert.is((await sets()).length, 1)
  assert.match(set!.metadata.name, /^operator-[bcdfghjklmnpqrstvwxz2456789]+$/)
  const hash = set!.metadata.labels?.['pod-template-hash']
  assert.is(set!.metadata.name, `operator-${hash}`)
  for (const pod of await cluster.pods())
    assert.equal(pod.metadata.labels, { ...LABELS, 'pod-template-hash': hash })
  assert.is(conditionOf(done, 'Available')?.status, 'True')
  assert.is(conditionOf(done, 'Progressing')?.reason, 'NewReplicaSetAvailable')
  assert.equal(cluster.errors, [])
})

test('a new template replaces the pods, and the old ones stay until the new ones are available', async () => {
  await cluster.kube.create(resources.deployments, deploymentOf('operator:1'))
  await complete()
  const { metadata } = await read()
  await cluster.kube.replace(resources.deployments, { ...deploymentOf('operator:2'), metadata })
  await complete()
  await becomes(async () => (await cluster.pods()).length === 2, 'the old pods are gone')
  assert.equal(imagesOf(await cluster.pods()), ['operator:2', 'operator:2'])
  assert.equal((await sets()).map(({ spec }) => spec.replicas).sort(), [0, 2])
})

test('it is scaled, and its pods go with it', async () => {
  await cluster.kube.create(resources.deployments, deploymentOf('operator:1'))
  await complete()
  await cluster.kube.patch(resources.deployments, 'default', 'operator', 'merge', { spec: { replicas: 0 } })
  await becomes(async () => (await cluster.pods()).length === 0, 'all pods are gone')
  await becomes(async () => (await read()).status?.replicas === undefined, 'the status counts none')
})

test.run()
