import type { RunView } from '#weir/record/view/index.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/**
 * Operator 2.1.0–2.2.29, v1beta4: a resource that loses blueGreenUpdate in the middle of an update ends the operator's process, again after each
 * start. The update never ends.
 */
export const strategyRemoved: Deviation = {
  id: 'operator-2.1.0-2.2.29-strategy-removed',
  source: 'docs/contract/operator.md#v1beta4-changes-on-the-way',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.1.0', '2.2.29') &&
    run.moments.changeDone === undefined &&
    run.of('operator').some(({ why }) => why?.includes(CRASHED) === true) &&
    losesStrategy(run),
  fails: ['all-new'],
  mayFail: [],
  leavesOpen: [],
}

/** What the kubelet says of a Go program that ended by a panic. */
const CRASHED = 'CrashLoopBackOff (exit code 2)'

interface Resource {
  spec?: { blueGreenUpdate?: unknown }
}

/** The resource had a blueGreenUpdate when the change was made, and has none in the end. */
function losesStrategy(run: RunView): boolean {
  const { trigger = Number.POSITIVE_INFINITY } = run.moments
  const shown = run.of('watch').filter(({ kind }) => kind === 'EmqxEnterprise')
  const has = (event: (typeof shown)[number] | undefined) =>
    event && (event.object as Resource | undefined)?.spec?.blueGreenUpdate !== undefined
  return has(shown.findLast(({ t }) => t <= trigger)) === true && has(shown.at(-1)) === false
}
