import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { HoconObject } from '#weir/facts/hocon.ts'
import type { Requester } from '../emqx5/api.ts'
import type { OperatorEnvironment, PassHooks, StepOf } from '../runtime/reconciler.ts'
import type { Emqx, EmqxStatus } from './types.ts'

/** Where faults change what the operator does with an EMQX; hooks.ts holds the honest ones. */
export interface OperatorHooks extends Pick<PassHooks<Emqx, Pass>, 'asWritten'> {
  /** A pod goes although its node still has sessions. */
  readonly removesUndrained: boolean
  /** Cores that may be evacuated at once. */
  readonly coresAtOnce: number
  /** The status to write. */
  shownStatus(pass: Pass, truth: EmqxStatus): EmqxStatus
}

/** What a pass found in the cluster. */
export interface State {
  cores: StatefulSet | undefined
  /** All sets of replicants, oldest first. */
  replicants: StatefulSet[]
  /** Pods that one of the sets made. */
  pods: Pod[]
}

/** One pass over one resource, from its first step to its last. */
export interface Pass {
  env: OperatorEnvironment
  hooks: OperatorHooks
  /** As last read from or written to the API server. */
  cr: Emqx
  status: EmqxStatus
  config: HoconObject
  state: State
  /** Of an updated core that is ready and not evacuated, if there is one, else of any ready core. */
  requester: Requester | undefined
  /** Another pass follows soon, whatever the resource's condition. */
  isPostponed: boolean
}

export type Step = StepOf<Pass>
