import {
  conditionOf,
  isReady,
  omitEmpty,
  type Pod,
  type ReplicaSet,
  selects,
} from '#weir/cluster/kubernetes/kinds.ts'

const COST = 'controller.kubernetes.io/pod-deletion-cost'
const PHASES = ['Pending', 'Unknown', 'Running']

/** What a deletion costs, by the pod's own annotation; anything but a whole number is 0. */
function costOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[COST] ?? ''
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0
}

interface ContainerStatus {
  restartCount?: number
}

const restartsOf = ({ status }: Pod) =>
  Math.max(0, ...((status?.containerStatuses ?? []) as ContainerStatus[]).map((one) => one.restartCount ?? 0))

/** Kubernetes compares ages by their order of magnitude, so that ties are broken by chance and not by a second. */
const magnitude = (sinceMs: number | undefined, nowMs: number) =>
  sinceMs === undefined || nowMs <= sinceMs ? -1 : Math.floor(Math.log2((nowMs - sinceMs) / 1e-6))

/**
 * The order in which a shrinking set loses pods (k8s.io/kubernetes pkg/controller, ActivePodsWithRanks): pods without a node, then those
 * that do not run yet, then those that are not ready; then the cheapest, then on nodes that have more of the set's
 * pods, then those that became ready last, restarted most, were created last. Equal pods stand in the order of their uids.
 */
export function byDispensability(pods: readonly Pod[], nowMs: number): (a: Pod, b: Pod) => number {
  const onNode = new Map<string, number>()
  for (const { spec } of pods) onNode.set(spec.nodeName ?? '', (onNode.get(spec.nodeName ?? '') ?? 0) + 1)
  const keys: ((pod: Pod) => number)[] = [
    ({ spec }) => (spec.nodeName ? 1 : 0),
    ({ status }) => PHASES.indexOf(status?.phase ?? 'Pending'),
    (pod) => (isReady(pod) ? 1 : 0),
    costOf,
    ({ spec }) => -(onNode.get(spec.nodeName ?? '') ?? 0),
    (pod) => magnitude(readySinceMs(pod), nowMs),
    (pod) => -restartsOf(pod),
    ({ metadata }) => magnitude(Date.parse(metadata.creationTimestamp ?? ''), nowMs),
  ]
  return (a, b) => {
    for (const key of keys) {
      const difference = key(a) - key(b)
      if (difference !== 0 && !Number.isNaN(difference)) return difference
    }
    return (a.metadata.uid ?? '') < (b.metadata.uid ?? '') ? -1 : 1
  }
}

/** Pods that count: neither ended nor on their way out. */
export const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'

/** Since when the pod is ready, in Unix milliseconds; undefined when it is not ready or has no such time. */
function readySinceMs(pod: Pod): number | undefined {
  const since = isReady(pod) ? conditionOf(pod, 'Ready')?.lastTransitionTime : undefined
  return typeof since === 'string' ? Date.parse(since) : undefined
}

/** The set's status as its active pods show it. Counts that are optional in the API are left out when they are zero. */
export function statusOf(set: ReplicaSet, active: Pod[], nowMs: number): NonNullable<ReplicaSet['status']> {
  const waitMs = (set.spec.minReadySeconds ?? 0) * 1000
  const count = (matches: (pod: Pod) => boolean) => active.filter(matches).length
  const labelled = count((pod) => selects(set.spec.template.metadata?.labels, pod.metadata.labels))
  const available = count(
    (pod) => isReady(pod) && (waitMs === 0 || (readySinceMs(pod) ?? nowMs) + waitMs <= nowMs),
  )
  return {
    replicas: active.length,
    ...omitEmpty({
      fullyLabeledReplicas: labelled,
      readyReplicas: count(isReady),
      availableReplicas: available,
      observedGeneration: set.metadata.generation,
    }),
  }
}
