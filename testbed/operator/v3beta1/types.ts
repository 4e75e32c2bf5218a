import type { Condition } from '#weir/cluster/kubernetes/kinds.ts'
import type { Emqx5, Emqx5Spec, NodesSpec, NodesTemplate } from '../emqx5/types.ts'

export interface EvacuationStrategy {
  type?: 'NodeEvacuation' | 'Disabled'
  connectionEvictionRate?: number
  sessionEvictionRate?: number
  waitTakeover?: number
  waitHealthCheck?: number
}

/** A number of pods, or a share of the replicants such as "25%". */
export type IntOrPercent = number | string

export interface CoreSpec extends NodesSpec {
  minReadySeconds?: number
  persistentVolumeClaimSpec?: Record<string, unknown>
}

export interface EmqxSpec extends Emqx5Spec {
  config?: NonNullable<Emqx5Spec['config']> & { roots?: Record<string, unknown> }
  coreTemplate: NodesTemplate & { spec: CoreSpec }
  updateStrategy?: {
    type?: 'RollingUpdate'
    evacuationStrategy?: EvacuationStrategy
    replicants?: { maxUnavailable?: IntOrPercent; maxSurge?: IntOrPercent }
  }
}

/** A member as the status lists it; `sessions` counts every session, `connections` connected clients. */
export interface EmqxNode {
  name: string
  podName?: string
  status: string
  otpRelease?: string
  version?: string
  role?: string
  sessions: number
  connections: number
}

/** An evacuation as the status lists it: without what is left. */
export interface NodeEvacuation {
  nodeName: string
  state: string
  sessionRecipients?: string[]
  sessionEvictionRate?: number
  connectionEvictionRate?: number
  initialSessions?: number
  initialConnections?: number
}

export interface EmqxStatus {
  conditions?: Condition[]
  coreReplicas: number
  replicantReplicas: number
  coreNodes?: EmqxNode[]
  coreNodesStatus: { readyReplicas: number; updatedReplicas: number; currentReplicas: number }
  replicantNodes?: EmqxNode[]
  replicantNodesStatus: {
    readyReplicas: number
    currentReplicas: number
    currentRevision?: string
    updateReplicas: number
    updateRevision?: string
    collisionCount?: number
  }
  nodeEvacuations?: NodeEvacuation[]
}

/** EMQX in apps.emqx.io/v3beta1 (docs/contract/operator.md#v3beta1). */
export interface Emqx extends Emqx5 {
  spec: EmqxSpec
  status?: EmqxStatus
}
