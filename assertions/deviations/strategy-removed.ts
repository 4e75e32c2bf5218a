import { ASSERTION_IDS } from '#weir/facts/index.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/**
 * Operator 2.1.0–2.2.29, v1beta4: a resource that loses blueGreenUpdate in the middle of an update ends the operator's process, again after each
 * start. The update never ends, so the run's own deadline ends it, and most is open.
 */
export const strategyRemoved: Deviation = {
  id: 'operator-2.1.0-2.2.29-strategy-removed',
  source: 'docs/contract/operator.md#v1beta4-changes-on-the-way',
  shows: (run) =>
    isReleased(run.parameters.dialect.operator, '2.1.0', '2.2.29') &&
    run.moments.changeDone === undefined &&
    run.of('operator').some(({ why }) => why?.includes(CRASHED) === true),
  fails: ['all-new'],
  mayFail: ['duration', 'status-truth', 'membership-exact'],
  leavesOpen: ASSERTION_IDS,
}

/** What the kubelet says of a Go program that ended by a panic. */
const CRASHED = 'CrashLoopBackOff (exit code 2)'
