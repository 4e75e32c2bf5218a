import type { OperatorHooks } from './pass.ts'

/** The released operator. */
export const HONEST: OperatorHooks = {
  statusBefore: ({ status }) => status,
  onDeleted() {},
  pauseMs: (_pass, honestMs) => honestMs,
  countedSets: (sets) => sets,
  shownStatus: (_pass, truth) => truth,
  keepsOldServing: false,
  initialDelaySeconds: (specified) => specified,
  inOrder: (descending) => descending,
  mayStart: (evacuations) => evacuations.length === 0,
  nodesAtOnce: 1,
  recipients: (_evacuated, _old, current) => current,
  removesUndrained: async () => false,
}
