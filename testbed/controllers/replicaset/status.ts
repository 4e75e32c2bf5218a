import { conditionOf, isReady, type Pod, type ReplicaSet, selects } from '#weir/cluster/kubernetes/kinds.ts'

/** Pods that count: neither ended nor on their way out. */
export const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'

/** Since when the pod is ready, in Unix milliseconds; undefined when it is not ready or has no such time. */
export function readySinceMs(pod: Pod): number | undefined {
  const since = isReady(pod) ? conditionOf(pod, 'Ready')?.lastTransitionTime : undefined
  return typeof since === 'string' ? Date.parse(since) : undefined
}

/** The set's status as its active pods show it. Counts that are optional in the API are left out when they are zero. */
export function statusOf(set: ReplicaSet, active: Pod[], nowMs: number): NonNullable<ReplicaSet['status']> {
  const waitMs = (set.spec.minReadySeconds ?? 0) * 1000
  const count = (matches: (pod: Pod) => boolean) => active.filter(matches).length
  const labelled = count((pod) => selects(set.spec.template.metadata?.labels, pod.metadata.labels))
  const ready = count(isReady)
  const available = count(
    (pod) => isReady(pod) && (waitMs === 0 || (readySinceMs(pod) ?? nowMs) + waitMs <= nowMs),
  )
  return {
    replicas: active.length,
    ...(labelled > 0 && { fullyLabeledReplicas: labelled }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    ...(set.metadata.generation !== undefined && { observedGeneration: set.metadata.generation }),
  }
}
