import type { OperatorEnvironment } from '../environment.ts'
import type { EmqxEnterprise, EmqxEnterpriseStatus, StatefulSet } from './types.ts'

/** One look at one resource, from its first step to its last. */
export interface Pass {
  env: OperatorEnvironment
  /** By uid: what the operator knows of a resource and does not say. Empty unless a fault makes it lie. */
  unsaid: Map<string, EmqxEnterpriseStatus>
  /** As last read from or written to the API server; its status is edited in place. */
  cr: EmqxEnterprise
  /** The set that this pass created, as the API server answered. */
  created?: StatefulSet
  /** The set that this pass made smaller. */
  scaledDown?: StatefulSet
}

/** A step that ends the pass says when the next one comes. */
export type StepResult = { requeueAfterMs: number } | undefined

export type Step = (pass: Pass) => Promise<StepResult>
