import type { RunView } from '#weir/record/view/index.ts'
import { takenBackTo } from '../evidence/target-version.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/**
 * Operator 2.1.0–2.2.29, v1beta4: a change that is taken back while clients move asks for the old set again, whose pods the operator goes on to
 * evacuate and take away while the set makes each anew. It never ends.
 */
export const revertRepeats: Deviation = {
  id: 'operator-2.1.0-2.2.29-revert-repeats',
  source: 'docs/contract/operator.md#v1beta4-changes-on-the-way',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.1.0', '2.2.29') &&
    takenBackTo(run, run.moments.end) !== undefined &&
    run.moments.changeDone === undefined &&
    isMadeAnew(run),
  fails: ['evacuation-serial', 'evacuation-states'],
  mayFail: ['drained-before-delete', 'hops'],
  leavesOpen: [],
}

/** An old node whose evacuation had begun lost its pod, and its set made another by the same name. */
const isMadeAnew = ({ nodes, evacuations }: RunView): boolean =>
  evacuations.some(({ node }) => {
    const { name, side, deletedT = Number.POSITIVE_INFINITY } = nodes[node]!
    return side === 'old' && nodes.some((other) => other.name === name && other.firstSeenT > deletedT)
  })
