import type { RebalanceRequest } from '#weir/cluster/index.ts'
import type { Step } from '../types.ts'

/** What a step asks EMQX for, without the nodes. */
export const rebalanceRequest = (
  step: Extract<Step, { action: 'rebalance' }>,
): Omit<RebalanceRequest, 'nodes'> => ({
  connEvictRate: step.connEvictRate,
  sessEvictRate: step.sessEvictRate,
  waitHealthCheckSeconds: step.waitHealthCheckSeconds,
  waitTakeoverSeconds: step.waitTakeoverSeconds,
  absConnThreshold: step.absConnThreshold,
  relConnThreshold: step.relConnThreshold,
  absSessThreshold: step.absSessThreshold,
  relSessThreshold: step.relSessThreshold,
})
