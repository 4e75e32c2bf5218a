import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { onceTransferred } from '../operator/runtime/after-transfer.ts'
import { fault } from './fault.ts'

const hooks = onceTransferred(async (kube, _resource, { metadata: { namespace, uid } }) => {
  const { items } = await kube.list<StatefulSet>(resources.statefulSets, { namespace })
  for (const { metadata, spec } of items) {
    const isOwn = metadata.ownerReferences?.some((owner) => owner.uid === uid) === true
    // No pod is replaced for it.
    if (isOwn && spec.replicas !== 0)
      await kube.patch(resources.statefulSets, namespace, metadata.name, 'merge', {
        spec: { minReadySeconds: 1 },
      })
  }
})

export const transferRewritesSet = fault({
  name: 'transfer-rewrites-set',
  part: 'operator',
  summary: 'a transfer also writes into the StatefulSet of the cluster',
  shownBy: 'transfer',
  caughtBy: ['untouched'],
  ...hooks,
})
