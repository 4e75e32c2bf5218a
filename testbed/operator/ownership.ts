import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

const KUBECTL_LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The resource's annotations without kubectl's note to itself. */
export function ownAnnotations(object: KubeObject): Record<string, string> {
  const { [KUBECTL_LAST_APPLIED]: _, ...rest } = object.metadata.annotations ?? {}
  return rest
}

/** The resource as the controller of what is made for it: with it, all of that is garbage. */
export function ownerReference(cr: KubeObject) {
  return {
    apiVersion: cr.apiVersion ?? '',
    kind: cr.kind ?? '',
    name: cr.metadata.name,
    uid: cr.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}
