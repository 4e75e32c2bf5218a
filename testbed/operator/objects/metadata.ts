import type { KubeObject, ObjectMeta } from '#weir/cluster/kubernetes/types.ts'
import type { EmqxEnterprise } from '../types.ts'

const KUBECTL_LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The resource's annotations without kubectl's note to itself. */
export function ownAnnotations(object: KubeObject): Record<string, string> {
  const { [KUBECTL_LAST_APPLIED]: _, ...rest } = object.metadata.annotations ?? {}
  return rest
}

/** Name, labels and annotations of something that the operator makes for a resource. */
export function metadataOf(cr: EmqxEnterprise, name: string): ObjectMeta {
  return {
    name,
    namespace: cr.metadata.namespace ?? 'default',
    labels: { ...cr.metadata.labels },
    annotations: ownAnnotations(cr),
  }
}

export function ownerReference(cr: EmqxEnterprise) {
  return {
    apiVersion: cr.apiVersion ?? 'apps.emqx.io/v1beta4',
    kind: cr.kind ?? 'EmqxEnterprise',
    name: cr.metadata.name,
    uid: cr.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}
