import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { listAt } from '../json.ts'

/**
 * Whether a deletion of this object must wait: for a finalizer, for its kubelet (a grace period that is not over), or,
 * for a namespace, until it is empty (its spec.finalizers).
 */
export function isHeld(object: KubeObject): boolean {
  const { finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata
  const inSpec = object.kind === 'Namespace' ? listAt(object, 'spec', 'finalizers') : []
  return finalizers.length > 0 || inSpec.length > 0 || deletionGracePeriodSeconds > 0
}
