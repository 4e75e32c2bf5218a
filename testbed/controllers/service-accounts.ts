import { unlessConflict, unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '../runtime/cache.ts'
import { exceptConflicts, WorkQueue } from '../runtime/work-queue.ts'
import type { OnError } from './set-controller.ts'

const NAME = 'default'

/** Gives each namespace the ServiceAccount `default`, which pods that name none act as. */
export function startServiceAccounts(
  kube: KubeApi,
  onError: OnError,
): { ready: Promise<void>; stop(): void } {
  async function create(namespace: string): Promise<void> {
    const known = namespaces.get(`/${namespace}`)
    if (known === undefined || known.metadata.deletionTimestamp !== undefined) return
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } }
    await unlessGone(unlessConflict(kube.create(resources.serviceAccounts, account)))
  }

  const queue = new WorkQueue(create, {
    onError: exceptConflicts((key, error) => onError(`service accounts of ${key}`, error)),
  })
  const namespaces = new Cache<KubeObject>(kube, resources.namespaces, (now, before) => {
    if (now !== undefined && before === undefined) queue.add(now.metadata.name)
  })
  return {
    ready: namespaces.ready,
    stop() {
      namespaces.stop()
      void queue.stop()
    },
  }
}
