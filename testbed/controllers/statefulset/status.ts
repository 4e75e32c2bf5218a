import {
  conditionOf,
  isReady,
  omitEmpty,
  type Pod,
  type StatefulSet,
} from '#weir/cluster/kubernetes/kinds.ts'
import { REVISION_LABEL } from './identity.ts'
import type { Revisions } from './revisions.ts'

export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined
export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod)
export const revisionOf = (pod: Pod): string | undefined => pod.metadata.labels?.[REVISION_LABEL]

/** Ready for minReadySeconds. */
export function isAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  if (!isRunningAndReady(pod)) return false
  const since = conditionOf(pod, 'Ready')?.lastTransitionTime
  return (
    minReadySeconds === 0 ||
    (typeof since === 'string' && Date.parse(since) + minReadySeconds * 1000 <= nowMs)
  )
}

/**
 * The set's status as its pods show it. Pods that are terminating count as replicas, and as ready while they are, but
 * neither as current nor as updated. Counts that are optional in the API are left out when they are zero.
 */
export function statusOf(
  set: StatefulSet,
  pods: Pod[],
  revisions: Revisions,
  nowMs: number,
): NonNullable<StatefulSet['status']> {
  const { current, update, collisionCount } = revisions
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const count = (matches: (pod: Pod) => boolean) => pods.filter(matches).length
  const stays = (revision: string) => (pod: Pod) => !isTerminating(pod) && revisionOf(pod) === revision
  const counts = {
    replicas: pods.length,
    readyReplicas: count(isRunningAndReady),
    availableReplicas: count((pod) => isAvailable(pod, minReadySeconds, nowMs)),
    currentReplicas: count(stays(current.metadata.name)),
    updatedReplicas: count(stays(update.metadata.name)),
  }
  let currentRevision = current.metadata.name
  const wanted = set.spec.replicas ?? 1
  const isComplete =
    (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate' &&
    [counts.updatedReplicas, counts.readyReplicas, counts.replicas].every((each) => each === wanted)
  if (isComplete) {
    counts.currentReplicas = counts.updatedReplicas
    currentRevision = update.metadata.name
  }
  return {
    ...omitEmpty({ observedGeneration: set.metadata.generation, ...counts }),
    replicas: counts.replicas,
    availableReplicas: counts.availableReplicas,
    currentRevision,
    updateRevision: update.metadata.name,
    collisionCount,
  }
}
