import { newest } from '../operator/v2beta1/condition-machine.ts'
import { fault } from './fault.ts'

/** Released operators look again after 30 s, so that their rebalances have to last longer to show it. */
const SOON_MS = 1000

export const rebalanceGivenUp = fault({
  name: 'rebalance-given-up',
  part: 'operator',
  summary:
    'the operator calls a rebalance failed because the nodes that give are not ready, as released ones do, while EMQX goes on',
  shownBy: 'rebalance',
  dialects: ['v2beta1'],
  caughtBy: ['balance'],
  alsoFails: [],
  v2beta1: (next) => ({
    failsUnlessReady: true,
    pauseMs: (pass, honestMs) =>
      newest(pass.cr.status) === 'Ready' ? SOON_MS : next.pauseMs(pass, honestMs),
  }),
})
