import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

export type Phase = 'Processing' | 'Completed' | 'Failed'

/** One rebalance of GET load_rebalance/global_status, in the fields that the operator's own type has. */
export interface RebalanceState {
  state?: string
  session_eviction_rate?: number
  recipients?: string[]
  node?: string
  donors?: string[]
  coordinator_node?: string
  connection_eviction_rate?: number
}

export interface RebalanceCondition {
  type: Phase
  status: 'True'
  reason?: string
  message?: string
  lastTransitionTime: string
  lastUpdateTime: string
}

/** A Rebalance of v2beta1, with the definition's defaults. */
export interface Rebalance extends KubeObject {
  spec: {
    /** "EmqxEnterprise" is a resource of v1beta4; anything else an EMQX of v2beta1. */
    instanceKind: string
    instanceName: string
    rebalanceStrategy: {
      connEvictRate: number
      sessEvictRate: number
      waitTakeover: number
      waitHealthCheck: number
      absConnThreshold: number
      absSessThreshold: number
      /** Decimal numbers as text. */
      relConnThreshold: string
      relSessThreshold: string
    }
  }
  status?: {
    phase?: Phase
    conditions?: RebalanceCondition[]
    rebalanceStates?: RebalanceState[]
    startedTime?: string
    completedTime?: string
  }
}
