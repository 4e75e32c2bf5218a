import type { KubeObject } from '../kubernetes/types.ts'
import type { ClusterObservation } from '../types.ts'

interface WorkloadSet extends KubeObject {
  spec?: { replicas?: number }
  status?: { replicas?: number; readyReplicas?: number }
}

/** A StatefulSet or ReplicaSet as the record tells it. */
export function readSet(object: KubeObject, deleted: boolean): Extract<ClusterObservation, { type: 'set' }> {
  const { metadata, spec, status, kind } = object as WorkloadSet
  return {
    type: 'set',
    kind: kind === 'ReplicaSet' ? 'ReplicaSet' : 'StatefulSet',
    name: metadata.name,
    createdUnixMs: Date.parse(metadata.creationTimestamp ?? '') || 0,
    specReplicas: spec?.replicas ?? 1,
    replicas: status?.replicas ?? 0,
    readyReplicas: status?.readyReplicas ?? 0,
    deleted,
  }
}
