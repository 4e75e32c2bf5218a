import type { OperatorEnvironment } from '../environment.ts'
import type { Requester } from './emqx/requester.ts'
import type { HoconObject } from './hocon/value.ts'
import type { Emqx, EmqxStatus } from './types.ts'

/** One look at one resource, from its first step to its last. */
export interface Pass {
  env: OperatorEnvironment
  /** As last read from or written to the API server; its status is edited in place. */
  cr: Emqx
  /** The resource's configuration with the operator's own listeners. */
  config: HoconObject
  /** Whom EMQX's API is asked of in this pass; nobody when no core is there to ask. */
  ask: Requester | undefined
  memory: Memory
}

/** What faults make the operator remember of a resource. Empty in an honest one. */
export interface Memory {
  /** By uid: the true status where another one is shown. */
  unsaid: Map<string, EmqxStatus>
  /** By the resource's uid: the uids of its newest sets. */
  newest: Map<string, Set<string>>
}

/** A step that ends the pass says when the next one comes. */
export type StepResult = { requeueAfterMs: number } | undefined

export type Step = (pass: Pass) => Promise<StepResult>
