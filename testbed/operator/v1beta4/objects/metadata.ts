import type { ObjectMeta } from '#weir/cluster/kubernetes/types.ts'
import { ownAnnotations } from '../../apply.ts'
import type { EmqxEnterprise } from '../types.ts'

/** Name, labels and annotations of something that the operator makes for a resource. */
export function metadataOf(cr: EmqxEnterprise, name: string): ObjectMeta {
  return {
    name,
    namespace: cr.metadata.namespace ?? 'default',
    labels: { ...cr.metadata.labels },
    annotations: ownAnnotations(cr),
  }
}
