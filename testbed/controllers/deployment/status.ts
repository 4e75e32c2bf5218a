import {
  type Condition,
  type Deployment,
  type ReplicaSet,
  timestamp,
} from '#weir/cluster/kubernetes/kinds.ts'

const sum = (sets: readonly ReplicaSet[], field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
  sets.reduce((total, { status }) => total + (status?.[field] ?? 0), 0)

/** A Deployment's status as its ReplicaSets have it; counts that are 0 are left out, as Kubernetes does. */
export function deploymentStatus(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
  current: ReplicaSet | undefined,
): NonNullable<Deployment['status']> {
  const wanted = deployment.spec.replicas ?? 1
  const available = sum(owned, 'availableReplicas')
  const counts = {
    replicas: sum(owned, 'replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum(owned, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
  }
  const isAvailable = available >= wanted
  const isComplete = isAvailable && counts.updatedReplicas === wanted && counts.replicas === wanted
  const name = current?.metadata.name ?? ''
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    conditions: [
      isAvailable
        ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
        : condition(
            'Available',
            'False',
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
          ),
      isComplete
        ? condition(
            'Progressing',
            'True',
            'NewReplicaSetAvailable',
            `ReplicaSet "${name}" has successfully progressed.`,
          )
        : condition('Progressing', 'True', 'ReplicaSetUpdated', `ReplicaSet "${name}" is progressing.`),
    ].map((wantedNow) => stamped(wantedNow, deployment)),
  }
}

const condition = (type: string, status: string, reason: string, message: string): Condition => ({
  type,
  status,
  reason,
  message,
})

/** What has not changed keeps its time. */
function stamped(now: Condition, { status }: Deployment): Condition {
  const before = status?.conditions?.find(({ type }) => type === now.type)
  const isSame = before?.status === now.status
  const lastTransitionTime = (isSame ? before?.lastTransitionTime : undefined) ?? timestamp()
  return { ...now, lastTransitionTime }
}
