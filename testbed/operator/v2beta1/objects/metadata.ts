import type { Strings } from '#weir/cluster/kubernetes/kinds.ts'
import type { ObjectMeta } from '#weir/cluster/kubernetes/types.ts'
import { labelsOf } from '../names.ts'
import type { Emqx } from '../types.ts'

/** Name and labels of something that the operator makes for a resource. */
export function metadataOf(cr: Emqx, name: string, labels: Strings = {}, annotations?: Strings): ObjectMeta {
  return {
    name,
    namespace: cr.metadata.namespace ?? 'default',
    labels: { ...labelsOf(cr), ...cr.metadata.labels, ...labels },
    ...(annotations && { annotations }),
  }
}
