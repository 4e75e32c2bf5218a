import type { Emqx5, Emqx5Spec, EmqxNode } from '../emqx5/types.ts'
import type { EvacuationStatus, EvacuationStrategy } from '../evacuation.ts'

export interface EmqxSpec extends Emqx5Spec {
  updateStrategy: {
    type: 'Recreate'
    initialDelaySeconds?: number
    evacuationStrategy?: EvacuationStrategy
  }
}

export type ConditionType =
  | 'Initialized'
  | 'CoreNodesProgressing'
  | 'CoreNodesReady'
  | 'ReplicantNodesProgressing'
  | 'ReplicantNodesReady'
  | 'Available'
  | 'Ready'

export interface EmqxCondition {
  type: ConditionType
  status: 'True'
  reason: string
  message: string
  lastTransitionTime: string
}

/** Revisions: `update` is the newest template, `current` the set that is being left; they are equal when nothing moves. */
export interface NodesStatus {
  replicas?: number
  readyReplicas?: number
  currentRevision?: string
  currentReplicas?: number
  updateRevision?: string
  updateReplicas?: number
  collisionCount?: number
}

export interface EmqxStatus {
  conditions?: EmqxCondition[]
  coreNodes?: EmqxNode[]
  coreNodesStatus?: NodesStatus
  replicantNodes?: EmqxNode[]
  replicantNodesStatus?: NodesStatus
  nodeEvacuationsStatus?: EvacuationStatus[]
}

export interface Emqx extends Emqx5 {
  spec: EmqxSpec
  status?: EmqxStatus
}
