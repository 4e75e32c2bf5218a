import { type Condition, timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { hasReplicants } from '../emqx5/names.ts'
import type { Pass } from './pass.ts'
import { coreReplicas, replicantReplicas } from './settings.ts'
import { isReady, podsOf, replicantSet } from './state.ts'

type ConditionType = 'CoreNodesProgressing' | 'ReplicantNodesProgressing' | 'Available' | 'Ready'

/** Conditions are True or False and keep their place; the time changes with the status only. */
function set(pass: Pass, type: ConditionType, isTrue: boolean, reason: string, message: string): void {
  const { cr, env, status } = pass
  const conditions = status.conditions ?? []
  const before = conditions.find((one) => one.type === type)
  const now = isTrue ? 'True' : 'False'
  const condition: Condition = {
    ...{ type, status: now, reason, message },
    ...(cr.metadata.generation !== undefined && { observedGeneration: cr.metadata.generation }),
    lastTransitionTime:
      before?.status === now ? (before.lastTransitionTime ?? null) : timestamp(env.clock.now()),
  }
  status.conditions = before
    ? conditions.map((one) => (one === before ? condition : one))
    : [...conditions, condition]
}

type Progress = 'Create' | 'ScalingUp' | 'ScalingDown' | 'RollingUpdate' | 'Converged'

const progressing = (pass: Pass, role: 'Core' | 'Replicant', progress: Progress, message: string) =>
  set(pass, `${role}NodesProgressing`, progress !== 'Converged', progress, message)

/** A change of a role's template has been written: nothing of it is done. */
export function beginProgress(pass: Pass, role: 'Core' | 'Replicant'): void {
  progressing(pass, role, 'RollingUpdate', `0 ${role.toLowerCase()} pods updated`)
  set(pass, 'Ready', false, `${role}NodesProgressing`, `${role} nodes are progressing`)
}

function coreProgress({ cr, state }: Pass): [Progress, string] {
  if (state.cores === undefined) return ['Create', 'spinning up core set']
  const desired = coreReplicas(cr)
  const { replicas = 0, updatedReplicas = 0 } = state.cores.status ?? {}
  if (replicas < desired) return ['ScalingUp', `${replicas}/${desired} core pods`]
  if (replicas > desired) return ['ScalingDown', `${replicas}/${desired} core pods`]
  if (updatedReplicas < desired) return ['RollingUpdate', `${updatedReplicas}/${desired} core pods updated`]
  return ['Converged', `${desired} core pods up to date`]
}

function replicantProgress(pass: Pass): [Progress, string] {
  const update = replicantSet(pass, 'update')
  if (update === undefined) return ['Create', 'spinning up replicant set']
  const { currentRevision, updateRevision } = pass.status.replicantNodesStatus
  const desired = replicantReplicas(pass.cr)
  const total = update.status?.replicas ?? 0
  if (currentRevision !== updateRevision)
    return ['RollingUpdate', `${total}/${desired} replicant pods updated`]
  if (total > desired) return ['ScalingDown', `${total}/${desired} replicant pods`]
  if (total < desired) return ['ScalingUp', `${total}/${desired} replicant pods`]
  return ['Converged', `${desired} replicant pods up to date`]
}

function areCoresReady({ cr, state, status }: Pass): boolean {
  const desired = coreReplicas(cr)
  const { replicas, readyReplicas, updatedReplicas } = state.cores?.status ?? {}
  return [
    ...[replicas, readyReplicas, updatedReplicas],
    ...[status.coreNodes?.length, status.coreNodesStatus.readyReplicas],
  ].every((count) => (count ?? 0) === desired)
}

function areReplicantsReady(pass: Pass): boolean {
  const { cr, status } = pass
  const desired = replicantReplicas(cr)
  const { replicas, readyReplicas } = replicantSet(pass, 'update')?.status ?? {}
  const { replicantNodes, replicantNodesStatus } = status
  return [replicas, readyReplicas, replicantNodes?.length, replicantNodesStatus.readyReplicas].every(
    (count) => (count ?? 0) === desired,
  )
}

/** All conditions, each from the present state alone (docs/contract/operator.md#v3beta1-conditions). */
export function evaluateConditions(pass: Pass): void {
  const { cr, state, status } = pass
  progressing(pass, 'Core', ...coreProgress(pass))
  const withReplicants = hasReplicants(cr)
  if (withReplicants) progressing(pass, 'Replicant', ...replicantProgress(pass))
  else status.conditions = status.conditions?.filter(({ type }) => type !== 'ReplicantNodesProgressing') ?? []
  const role = withReplicants ? 'Replicant' : 'Core'
  const desired = withReplicants ? replicantReplicas(cr) : coreReplicas(cr)
  const available = withReplicants
    ? state.replicants.flatMap((one) => podsOf(pass, one)).filter(isReady).length
    : (state.cores?.status?.availableReplicas ?? 0)
  const isAvailable = available >= desired
  set(
    pass,
    'Available',
    isAvailable,
    `${role}Pods${isAvailable ? 'Available' : 'Unavailable'}`,
    `${available}/${desired} ${role.toLowerCase()} pods available`,
  )
  const behind = !areCoresReady(pass)
    ? 'Core'
    : withReplicants && !areReplicantsReady(pass)
      ? 'Replicant'
      : undefined
  if (behind === undefined) set(pass, 'Ready', true, 'Ready', 'Cluster is ready')
  else set(pass, 'Ready', false, `${behind}NodesProgressing`, `${behind} nodes are progressing`)
}

export const isSettled = ({ status }: Pass): boolean =>
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
