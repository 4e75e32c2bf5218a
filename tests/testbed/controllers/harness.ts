import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { startControllers } from '#weir/testbed/controllers/index.ts'
import { makeFaults } from '#weir/testbed/faults/index.ts'
import { eventually, startHarness } from '../apiserver/harness.ts'
import { type FakeKubelet, startFakeKubelet } from './fake-kubelet.ts'

export { eventually } from '../apiserver/harness.ts'

export interface Change {
  type: string
  kind: string
  object: KubeObject
}

export interface Cluster {
  kube: KubeApi
  kubelet: FakeKubelet
  kubeconfigPath: string
  errors: unknown[]
  /** Everything that was written, in order of versions. */
  changes(...kinds: string[]): Change[]
  pods(): Promise<Pod[]>
  /** Waits until the set's status and pods are as wanted by the predicate. */
  settled(name: string, isSo: (set: StatefulSet, pods: Pod[]) => boolean, what: string): Promise<StatefulSet>
  close(): Promise<void>
}

const WATCHED: Resource[] = [
  resources.pods,
  resources.statefulSets,
  resources.endpoints,
  resources.endpointSlices,
  resources.events,
]

/** An API server with the controllers and a kubelet that is quick and simple. */
export async function startCluster(faults: string[] = []): Promise<Cluster> {
  const harness = await startHarness()
  const { kube, errors } = harness
  const seen: Change[] = []
  const watches = WATCHED.map((resource) =>
    kube.watch(
      resource,
      {},
      {
        onList() {},
        onEvent: (type, object) => seen.push({ type, kind: resource.kind, object }),
        onGap: (reason) => errors.push(new Error(`gap: ${reason}`)),
      },
    ),
  )
  const kubelet = startFakeKubelet(kube, errors)
  const controllers = startControllers(kube, {
    faults: makeFaults(faults),
    nodeName: 'hollow',
    onError: (where, error) => errors.push(new Error(where, { cause: error })),
  })
  const close = async () => {
    controllers.stop()
    kubelet.stop()
    for (const watch of watches) watch.stop()
    await harness.close()
  }
  try {
    await Promise.all([...watches.map((watch) => watch.ready), kubelet.ready, controllers.ready])
  } catch (error) {
    await close()
    throw error
  }
  const version = ({ object }: Change) => Number(object.metadata.resourceVersion)
  return {
    kube,
    kubelet,
    errors,
    kubeconfigPath: harness.kubeconfigPath,
    changes: (...kinds) =>
      seen.filter(({ kind }) => kinds.includes(kind)).sort((a, b) => version(a) - version(b)),
    pods: async () => (await kube.list<Pod>(resources.pods, { namespace: 'default' })).items,
    async settled(name, isSo, what) {
      return eventually(async () => {
        const set = await kube.get<StatefulSet>(resources.statefulSets, 'default', name)
        const { items } = await kube.list<Pod>(resources.pods, { namespace: 'default' })
        return isSo(
          set,
          items.filter((pod) => pod.metadata.name.startsWith(`${name}-`)),
        )
          ? set
          : undefined
      }, what)
    },
    close,
  }
}

/** The cluster of the test that runs. */
export let cluster: Cluster

/** Gives each test a cluster of its own, in which nothing may go wrong unnoticed. */
export function withCluster(test: Test): void {
  test.before.each(async () => {
    cluster = await startCluster()
  })
  test.after.each(async () => {
    await cluster.close()
    assert.equal(cluster.errors, [])
  })
}

export const create = (set: StatefulSet) => cluster.kube.create(resources.statefulSets, set)

const LABELS = { app: 'emqx' }

export function statefulSet(
  name: string,
  replicas: number,
  more: Partial<StatefulSet['spec']> = {},
): StatefulSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      serviceName: 'emqx-headless',
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { ...LABELS, set: name } },
      template: {
        metadata: { labels: { ...LABELS, set: name } },
        spec: { containers: [{ name: 'emqx', image: 'emqx/emqx-ee:4.4.14' }] },
      },
      ...more,
    },
  }
}

export const withImage = (version: string) => ({
  spec: { template: { spec: { containers: [{ name: 'emqx', image: `emqx/emqx-ee:${version}` }] } } },
})

export const isUp = (replicas: number) => (set: StatefulSet, pods: Pod[]) =>
  pods.length === replicas &&
  (set.status?.readyReplicas ?? 0) === replicas &&
  set.status?.replicas === replicas

export const podChanges = (cluster: Cluster, type: string) =>
  cluster
    .changes('Pod')
    .filter((change) => change.type === type)
    .map(({ object }) => object.metadata.name)

/** The order in which pods were told to go. */
export function deletions(cluster: Cluster): string[] {
  const marked = cluster.changes('Pod').filter(({ object }) => object.metadata.deletionTimestamp)
  return [...new Set(marked.map(({ object }) => object.metadata.name))]
}
