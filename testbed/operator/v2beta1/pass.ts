import type { StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { HoconObject } from '#weir/facts/hocon.ts'
import type { Requester } from '../emqx5/api.ts'
import type { Role } from '../emqx5/names.ts'
import type { EmqxNode } from '../emqx5/types.ts'
import type { EvacuationStatus } from '../evacuation.ts'
import type { RebalanceHooks } from '../rebalance/controller.ts'
import type { OperatorEnvironment, PassHooks, StepOf } from '../runtime/reconciler.ts'
import type { Emqx, EmqxStatus } from './types.ts'
/** A role's sets: the newest, the one that is being left (the same when nothing moves), and all others, oldest first. */
export interface Sets {
  update: StatefulSet | undefined
  current: StatefulSet | undefined
  others: StatefulSet[]
}

/** Where faults change what the operator does with an EMQX; hooks.ts holds the honest ones. */
export interface OperatorHooks extends PassHooks<Emqx, Pass>, RebalanceHooks {
  /** The members that the status is about. */
  countedNodes(nodes: EmqxNode[], sets: Sets): EmqxNode[]
  /** The status to write. */
  shownStatus(pass: Pass, truth: EmqxStatus): Promise<EmqxStatus>
  /** The initial delay of the update is over, for the set that is being left. */
  isDelayOver(pass: Pass, current: StatefulSet): Promise<boolean>
  /** Any evacuation holds up the next one, not only the first of EMQX's list. */
  readonly watchesAllEvacuations: boolean
  /** The nodes that take the sessions of an evacuated node. */
  recipients(evacuated: string, old: string[], current: string[]): string[]
  /** A pod is deleted although its evacuation has not ended. `wanted` is the size of a whole set. */
  removesUndrained(
    pass: Pass,
    requester: Requester,
    old: StatefulSet,
    wanted: number,
    evacuations: EvacuationStatus[],
  ): Promise<boolean>
  /** Before it is decided which clients of the old set move. */
  beforeDrain(pass: Pass, requester: Requester): Promise<void>
  /** The set that is being left is not drained any further, and counts as left. */
  isLeftAlone(pass: Pass, role: Role, old: StatefulSet | undefined): boolean
}

/** One pass over one resource, from its first step to its last. */
export interface Pass {
  env: OperatorEnvironment
  hooks: OperatorHooks
  /** As last read from or written to the API server; its status is edited in place. */
  cr: Emqx
  /** The resource's configuration with the operator's own listeners. */
  config: HoconObject
  /** Sends requests to EMQX's API in this pass; undefined when no core can be asked. */
  requester: Requester | undefined
}

export type Step = StepOf<Pass>
