import { HONEST_PASSES } from '../runtime/reconciler.ts'
import type { OperatorHooks } from './pass.ts'
import { isDelayOver } from './steps/drain-pauses.ts'

/** The released operator. */
export const HONEST: OperatorHooks = {
  ...HONEST_PASSES,
  countedNodes: (nodes) => nodes,
  shownStatus: async (_pass, truth) => truth,
  isDelayOver,
  watchesAllEvacuations: false,
  recipients: (_evacuated, _old, current) => current,
  beforeDrain: async () => {},
  removesUndrained: async () => false,
  isLeftAlone: () => false,
  failsUnlessReady: false,
}
