import type { Pod, ReplicaSet } from '#weir/cluster/kubernetes/kinds.ts'

/** A pod of the set's template. Its name gets a random end from the API server. */
export function newPod(set: ReplicaSet): Pod {
  const { labels, annotations, finalizers } = set.spec.template.metadata ?? {}
  const { name, namespace, uid = '' } = set.metadata
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${name}-`,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [owner],
    },
    spec: set.spec.template.spec,
  }
}
