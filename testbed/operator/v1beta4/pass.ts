import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { EvacuationStatus } from '../evacuation.ts'
import type { Answer } from '../runtime/pod-http.ts'
import type { OperatorEnvironment, PassHooks, StepOf } from '../runtime/reconciler.ts'
import type { EmqxEnterprise, EmqxEnterpriseStatus } from './types.ts'

/** Where faults change what the operator does with an EmqxEnterprise; hooks.ts holds the honest ones. */
export interface OperatorHooks extends PassHooks<EmqxEnterprise, Pass> {
  /** How long opening a port-forward takes; default that of the release line. */
  readonly portForwardMs?: number
  /** A pass begins. */
  onPass(pass: Pass): Promise<void>
  /** The resource as the template of its pods is made of it. */
  templated(cr: EmqxEnterprise): EmqxEnterprise
  /** The sets that the status is about, of those in the cluster. */
  countedSets(sets: StatefulSet[]): StatefulSet[]
  /** The status to write. */
  shownStatus(pass: Pass, truth: EmqxEnterpriseStatus): EmqxEnterpriseStatus
  /** Before it is decided which clients of the old set move. */
  beforeDrain(pass: Pass, request: Requester): Promise<void>
  initialDelaySeconds(specified: number): number
  /** A node may be evacuated, given the evacuations that EMQX knows of. */
  mayStart(evacuations: EvacuationStatus[]): boolean
  /** The pods that take the sessions of an evacuated pod. */
  recipients(evacuated: Pod, old: Pod[], current: Pod[]): Pod[]
  /** A pod is deleted although its evacuation has not ended. */
  removesUndrained(pass: Pass, request: Requester, origin: StatefulSet): Promise<boolean>
}

/** One pass over one resource, from its first step to its last. */
export interface Pass {
  env: OperatorEnvironment
  hooks: OperatorHooks
  /** As last read from or written to the API server; its status is edited in place. */
  cr: EmqxEnterprise
  /** The set that this pass created, as the API server answered. */
  created?: StatefulSet
  /** The set that this pass made smaller. */
  scaledDown?: StatefulSet
}

/** Sends a request to EMQX's API, on whichever pod the release line chooses. */
export type Requester = (pass: Pass, method: string, path: string, body?: unknown) => Promise<Answer>

export type Step = StepOf<Pass>
