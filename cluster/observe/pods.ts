import { isReady, type Pod } from '../kubernetes/kinds.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import type { ClusterObservation } from '../types.ts'
import { blockedBy } from './blocked.ts'

/** The container that runs EMQX; there are others, such as the reloader. */
const EMQX_CONTAINER = 'emqx'

/** Name of the set that owns a pod, or undefined for a pod that no set made. */
export function ownerSet(pod: KubeObject): string | undefined {
  return pod.metadata.ownerReferences?.find(({ kind }) => kind === 'StatefulSet' || kind === 'ReplicaSet')
    ?.name
}

/** A pod as an event; `node` is its EMQX node name, which only the dialect knows. */
export function readPod(
  object: KubeObject,
  node: string,
  role: 'core' | 'replicant' | undefined,
  deleted: boolean,
): Extract<ClusterObservation, { type: 'pod' }> {
  const { metadata, spec, status } = object as KubeObject & Partial<Pod>
  const container = spec?.containers?.find(({ name }) => name === EMQX_CONTAINER) ?? spec?.containers?.[0]
  const blocked = blockedBy(status)
  return {
    type: 'pod',
    name: metadata.name,
    uid: metadata.uid ?? '',
    set: ownerSet(object) ?? '',
    node,
    ...(role ? { role } : {}),
    ...(status?.podIP ? { ip: status.podIP } : {}),
    ...(container?.image ? { image: container.image } : {}),
    phase: status?.phase ?? 'Unknown',
    ready: !deleted && isReady({ status }),
    deleting: metadata.deletionTimestamp !== undefined,
    deleted,
    ...(blocked && !deleted ? { blocked } : {}),
  }
}
