import { HONEST_PASSES } from '../runtime/reconciler.ts'
import type { OperatorHooks } from './pass.ts'

/** The released operator. */
export const HONEST: OperatorHooks = {
  ...HONEST_PASSES,
  async onPass() {},
  templated: (cr) => cr,
  countedSets: (sets) => sets,
  shownStatus: (_pass, truth) => truth,
  beforeDrain: async () => {},
  initialDelaySeconds: (specified) => specified,
  mayStart: (evacuations) => evacuations.length === 0,
  recipients: (_evacuated, _old, current) => current,
  removesUndrained: async () => false,
}
