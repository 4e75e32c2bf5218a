import type { RunView } from '#weir/record/view/index.ts'
import { isNewSet, newPodsAt } from '../evidence/new-set.ts'
import { SECOND } from '../evidence/wording.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/**
 * Operator 2.1.0–2.1.2, v1beta4: while a new node is not a member, its set does not count, so the Service leads to the old set again until it is
 * back. Clients are refused by the old node that is evacuated, or move twice.
 */
export const serviceBack: Deviation = {
  id: 'operator-2.1.0-2.1.2-service-back',
  source: 'docs/contract/operator.md#v1beta4-changes-on-the-way',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.1.0', '2.1.2') &&
    run.parameters.dialect.trafficSwitch !== 'readiness-gate' &&
    leadsBack(run),
  fails: ['switch-before-evict'],
  mayFail: ['landing', 'refusals', 'hops', 'amplification', 'downtime', 'offline-peak', 'no-storm'],
  leavesOpen: [],
}

/** The pods may be seen to change a moment after the Service does. */
const WATCHES_NS = SECOND

/**
 * The Service led to the new set alone, and then to others, of whichever set before it, while a pod of the new set was not ready. In each
 * update the new set is the one that was new then.
 */
function leadsBack(run: RunView): boolean {
  const changes = run.of('endpoints')
  return changes.some(({ t, ready }, i) => {
    const fresh = newPodsAt(run, t)
    const toOthers = ready.some((pod) => !fresh.includes(pod))
    const switched = toOthers && changes.slice(0, i).find((event) => isNewSet(run, event, fresh))
    return switched && isMissingOne(run, fresh, switched.t, t + WATCHES_NS)
  })
}

/** One of the pods went or was not ready after `fromT` and until `toT`. */
const isMissingOne = (run: RunView, pods: readonly string[], fromT: number, toT: number): boolean =>
  run
    .of('pod')
    .some(
      ({ t, name, ready, deleting }) => t > fromT && t <= toT && pods.includes(name) && (!ready || deleting),
    )
