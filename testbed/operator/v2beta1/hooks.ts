import type { OperatorHooks } from './pass.ts'
import { isDelayOver } from './steps/drain-pauses.ts'

/** The released operator. */
export const HONEST: OperatorHooks = {
  statusBefore: ({ status }) => status,
  onDeleted() {},
  pauseMs: (_pass, honestMs) => honestMs,
  countedNodes: (nodes) => nodes,
  shownStatus: async (_pass, truth) => truth,
  keepsOldServing: false,
  isDelayOver,
  inOrder: (descending) => descending,
  nodesAtOnce: 1,
  watchesAllEvacuations: false,
  recipients: (_evacuated, _old, current) => current,
  removesUndrained: async () => false,
  isLeftAlone: () => false,
}
