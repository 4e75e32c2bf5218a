import type { ReplicaSet, StatefulSet } from '../kubernetes/kinds.ts'
import type { KubeObject } from '../kubernetes/types.ts'
import type { ClusterObservation } from '../types.ts'

/** A StatefulSet or ReplicaSet as an event. */
export function readSet(object: KubeObject, deleted: boolean): Extract<ClusterObservation, { type: 'set' }> {
  const { metadata, spec, status, kind } = object as KubeObject & Partial<StatefulSet | ReplicaSet>
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
