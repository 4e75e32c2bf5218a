import { lastNetworkChange } from '../evidence/network.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/** Operator 2.1.0–2.2.29: its Service has every listener of EMQX, on v1beta4 its management too, so that all of them are reached from outside. */
export const everyListener: Deviation = {
  id: 'operator-2.1.0-2.2.29-every-listener',
  source: 'docs/contract/operator.md#v1beta4-service',
  shows(run) {
    const change = lastNetworkChange(run)
    if (!isReleased(run.parameters.dialect, '2.1.0', '2.2.29') || change?.asked.by !== 'operator')
      return false
    const { asked, trials } = change
    return trials.some(
      ({ service, expected, outcome }) =>
        service === asked.service && expected === 'closed' && outcome !== 'closed',
    )
  },
  fails: ['exposure'],
  mayFail: [],
  leavesOpen: [],
}
