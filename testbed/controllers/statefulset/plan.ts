import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { ordinalOf, podName } from './identity.ts'
import type { Revisions } from './revisions.ts'
import { isAvailable, isRunningAndReady, isTerminating, revisionOf } from './status.ts'

export type Step =
  | { do: 'create'; ordinal: number; revision: 'current' | 'update' }
  | { do: 'delete'; pod: Pod; reason: 'scale' | 'failed' | 'update' }

/**
 * What to do now with the set's pods, in order (k8s.io/kubernetes pkg/controller/statefulset, updateStatefulSet): missing
 * pods are created, surplus ones deleted from the highest ordinal down, then outdated ones replaced from the highest down,
 * one at a time. OrderedReady takes one step at a time and waits for each pod; Parallel waits only while updating.
 */
export function planSteps(set: StatefulSet, pods: Pod[], revisions: Revisions, nowMs: number): Step[] {
  if (set.metadata.deletionTimestamp) return []
  const { wanted, surplus } = partition(set, pods)
  const isOrdered = set.spec.podManagementPolicy !== 'Parallel'
  const isUp = (pod: Pod) =>
    isRunningAndReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, nowMs) && !isTerminating(pod)
  const steps: Step[] = []
  for (const { ordinal, pod } of wanted) {
    if (!pod) {
      steps.push({ do: 'create', ordinal, revision: revisionFor(set, ordinal, revisions) })
      if (isOrdered) return steps
    } else if (hasEnded(pod)) {
      // Its successor has the same name, so it is created once this one is gone.
      if (!isTerminating(pod)) steps.push({ do: 'delete', pod, reason: 'failed' })
      if (isOrdered) return steps
    } else if (isOrdered && !isUp(pod)) return steps
  }
  const firstUnhealthy = [...surplus].reverse().find((pod) => !isUp(pod))
  for (const pod of surplus) {
    if (isTerminating(pod)) {
      if (isOrdered) return steps
      continue
    }
    if (isOrdered && !isUp(pod) && pod !== firstUnhealthy) return steps
    steps.push({ do: 'delete', pod, reason: 'scale' })
    if (isOrdered) return steps
  }
  const outdated = nextToUpdate(set, wanted, revisions, isUp)
  return outdated ? [...steps, { do: 'delete', pod: outdated, reason: 'update' }] : steps
}

const hasEnded = (pod: Pod) => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded'

function partition(set: StatefulSet, pods: Pod[]) {
  const start = set.spec.ordinals?.start ?? 0
  const end = start + (set.spec.replicas ?? 1)
  const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]))
  const wanted = Array.from({ length: end - start }, (_, i) => ({
    ordinal: start + i,
    pod: byName.get(podName(set, start + i)),
  }))
  const surplus = pods
    .filter((pod) => ordinalOf(set, pod) < start || ordinalOf(set, pod) >= end)
    .sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a))
  return { wanted, surplus }
}

/** While an update runs, pods below the partition come back as they were. */
function revisionFor(
  set: StatefulSet,
  ordinal: number,
  { current, update }: Revisions,
): 'current' | 'update' {
  if (current.metadata.name === update.metadata.name) return 'update'
  const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {}
  const start = set.spec.ordinals?.start ?? 0
  const kept = rollingUpdate?.partition ?? set.status?.currentReplicas ?? 0
  return type === 'RollingUpdate' && ordinal < start + kept ? 'current' : 'update'
}

/** The highest pod that is outdated, once every pod above it is up and up to date. */
function nextToUpdate(
  set: StatefulSet,
  wanted: { ordinal: number; pod: Pod | undefined }[],
  { update }: Revisions,
  isUp: (pod: Pod) => boolean,
): Pod | undefined {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {}
  if (type !== 'RollingUpdate') return undefined
  const first = (set.spec.ordinals?.start ?? 0) + (rollingUpdate?.partition ?? 0)
  for (const { ordinal, pod } of [...wanted].reverse()) {
    if (ordinal < first) return undefined
    if (!pod || hasEnded(pod)) return undefined
    if (revisionOf(pod) !== update.metadata.name && !isTerminating(pod)) return pod
    if (!isUp(pod)) return undefined
  }
  return undefined
}
