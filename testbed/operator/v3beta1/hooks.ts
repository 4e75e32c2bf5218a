import { HONEST_PASSES } from '../runtime/reconciler.ts'
import type { OperatorHooks } from './pass.ts'

/** The operator as its source reads. */
export const HONEST: OperatorHooks = {
  asWritten: HONEST_PASSES.asWritten,
  removesUndrained: false,
  coresAtOnce: 1,
  shownStatus: (_pass, truth) => truth,
}
