import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { EvacuationStatus } from '../evacuation.ts'
import type { Answer } from '../runtime/pod-http.ts'
import type { OperatorEnvironment } from '../runtime/reconciler.ts'
import type { EmqxEnterprise, EmqxEnterpriseStatus } from './types.ts'

/** Where faults change what the operator does with an EmqxEnterprise; hooks.ts holds the honest ones. */
export interface OperatorHooks {
  /** How long opening a port-forward takes; default that of the release line. */
  readonly portForwardMs?: number
  /** The status that a pass begins with. */
  statusBefore(cr: EmqxEnterprise): EmqxEnterpriseStatus | undefined
  onDeleted(cr: EmqxEnterprise): void
  /** The pause after a pass that waits for nothing. */
  pauseMs(pass: Pass, honestMs: number): number
  /** The sets that the status is about, of those in the cluster. */
  countedSets(sets: StatefulSet[]): StatefulSet[]
  /** The status to write. */
  shownStatus(pass: Pass, truth: EmqxEnterpriseStatus): EmqxEnterpriseStatus
  /** Old pods stay in the Service until they are deleted. */
  readonly keepsOldServing: boolean
  initialDelaySeconds(specified: number): number
  /** The pods of the old set, greatest name first, in the order of their evacuations. */
  inOrder(descending: Pod[]): Pod[]
  /** A node may be evacuated, given the evacuations that EMQX knows of. */
  mayStart(evacuations: EvacuationStatus[]): boolean
  readonly nodesAtOnce: number
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

/** A step that ends the pass returns the pause until the next one. */
export type StepResult = { requeueAfterMs: number } | undefined

export type Step = (pass: Pass) => Promise<StepResult>
