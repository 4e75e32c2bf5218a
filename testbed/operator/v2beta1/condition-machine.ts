import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { hasReplicants } from '../emqx5/names.ts'
import type { ConditionType, Emqx, EmqxCondition, EmqxStatus } from './types.ts'

/** The newest condition; all are True for as long as they are there. */
export const newest = (status: EmqxStatus | undefined): ConditionType =>
  status?.conditions?.[0]?.type ?? 'Initialized'

export const find = (status: EmqxStatus | undefined, type: ConditionType): EmqxCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

/** Puts a condition in front, with this moment as that of its transition, even when it was there already. */
export function set(
  status: EmqxStatus,
  condition: { type: ConditionType; reason: string; message: string },
  nowMs: number,
): void {
  remove(status, condition.type)
  const { type, reason, message } = condition
  const first: EmqxCondition = { type, status: 'True', reason, message, lastTransitionTime: timestamp(nowMs) }
  status.conditions = [first, ...(status.conditions ?? [])]
}

export function remove(status: EmqxStatus, ...types: ConditionType[]): void {
  if (status.conditions === undefined) return
  status.conditions = status.conditions.filter(({ type }) => !types.includes(type))
}

/** Ready pods of the newest sets, from their status; undefined without such a set. */
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
 * runs twice a pass. Conditions later in the chain are removed.
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
