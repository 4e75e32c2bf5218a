import {
  containerFacts,
  disruptionOf,
  EMQX_CONTAINER,
  emqxContainer,
  readResources,
} from '#weir/facts/index.ts'
import { isReady, type Pod } from '../kubernetes/kinds.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import type { ClusterObservation } from '../types.ts'
import { blockedBy } from './blocked.ts'

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
  const emqx = emqxContainer(spec?.containers)
  const image = emqx?.image
  const container = containerFacts(status)
  const disruption = disruptionOf(status)
  const blocked = blockedBy(status)
  return {
    type: 'pod',
    name: metadata.name,
    uid: metadata.uid ?? '',
    set: ownerSet(object) ?? '',
    node,
    ...(role ? { role } : {}),
    ...(status?.podIP ? { ip: status.podIP } : {}),
    ...(image ? { image } : {}),
    phase: status?.phase ?? 'Unknown',
    ready: !deleted && isReady({ status }),
    deleting: metadata.deletionTimestamp !== undefined,
    deleted,
    ...(container ? { container } : {}),
    ...(emqx && emqx.name !== EMQX_CONTAINER ? { emqxContainer: emqx.name } : {}),
    ...(disruption ? { disruption } : {}),
    ...(blocked && !deleted ? { blocked } : {}),
    ...(emqx?.resources ? { resources: readResources(emqx.resources) } : {}),
  }
}
