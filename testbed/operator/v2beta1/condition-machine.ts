import { newest, remove, set } from './conditions.ts'
import { hasReplicants } from './names.ts'
import type { ConditionType, Emqx, EmqxStatus } from './types.ts'

/** How many ready pods the newest sets have, as Kubernetes says; undefined when there is no such set. */
export interface ReadyPods {
  cores: number | undefined
  replicants: number | undefined
}

const MESSAGES: Partial<Record<ConditionType, string>> = {
  CoreNodesProgressing: 'Core nodes progressing',
  CoreNodesReady: 'Core nodes is ready',
  ReplicantNodesProgressing: 'Replicant nodes progressing',
  ReplicantNodesReady: 'Replicant nodes ready',
  Available: 'Cluster is available',
  Ready: 'Cluster is ready',
}

/** Where to go from the newest condition; CoreNodesProgressing is the beginning of everything. */
function next(cr: Emqx, status: EmqxStatus, ready: ReadyPods): ConditionType | undefined {
  const cores = cr.spec.coreTemplate.spec.replicas
  const replicants = cr.spec.replicantTemplate?.spec.replicas
  switch (newest(status)) {
    case 'Initialized':
      return 'CoreNodesProgressing'
    case 'CoreNodesProgressing':
      return ready.cores !== 0 && ready.cores === cores ? 'CoreNodesReady' : undefined
    case 'CoreNodesReady':
      return hasReplicants(cr) ? 'ReplicantNodesProgressing' : 'Available'
    case 'ReplicantNodesProgressing':
      if (!hasReplicants(cr)) return 'CoreNodesProgressing'
      return ready.replicants !== 0 && ready.replicants === replicants ? 'ReplicantNodesReady' : undefined
    case 'ReplicantNodesReady':
      return hasReplicants(cr) ? 'Available' : 'CoreNodesProgressing'
    case 'Available':
      return isSettled(cr, status) ? 'Ready' : undefined
    case 'Ready':
      if (ready.cores !== undefined && ready.cores !== cores) return 'CoreNodesProgressing'
      if (!hasReplicants(cr) || ready.replicants === undefined || ready.replicants === replicants)
        return undefined
      return 'ReplicantNodesProgressing'
  }
}

/**
 * One step along Initialized → CoreNodesProgressing → CoreNodesReady → [ReplicantNodesProgressing → ReplicantNodesReady →]
 * Available → Ready, from the newest condition (docs/contract/operator.md#v2beta1-conditions). It never takes two steps at a time, and it
 * runs twice a pass. Whatever is behind the new condition is taken back.
 */
export function nextCondition(cr: Emqx, status: EmqxStatus, ready: ReadyPods, nowMs: number): void {
  const type = next(cr, status, ready)
  if (type === undefined) return
  if (type === 'CoreNodesProgressing') status.conditions = []
  if (type === 'ReplicantNodesProgressing') remove(status, 'Ready', 'Available', 'ReplicantNodesReady')
  set(status, { type, reason: type, message: MESSAGES[type] ?? type }, nowMs)
}

/** As many nodes run as are wanted, of all sets together, and no set is being left. */
function isSettled(cr: Emqx, { coreNodesStatus, replicantNodesStatus }: EmqxStatus): boolean {
  const settled = (role: typeof coreNodesStatus) =>
    (role?.readyReplicas ?? 0) === (role?.replicas ?? 0) && role?.updateRevision === role?.currentRevision
  return settled(coreNodesStatus) && (!hasReplicants(cr) || settled(replicantNodesStatus))
}
