import { givenUpOf } from '../evidence/given-up.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/** Operator 2.2.0–2.2.29: a cluster whose donors are not ready makes its rebalance fail. */
export const rebalanceGivenUp: Deviation = {
  id: 'operator-2.2.0-2.2.29-rebalance-given-up',
  source: 'docs/contract/operator.md#rebalance',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.2.0', '2.2.29') &&
    givenUpOf(run)?.message.endsWith('is not ready') === true,
  fails: ['balance'],
  mayFail: [],
  leavesOpen: [],
}
