import type { RunView } from '#weir/record/view/index.ts'
import { leftSets } from '../evidence/left-sets.ts'
import { nodesAt } from '../evidence/members.ts'
import { endStateT } from '../evidence/span.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/** Operator 2.1.0–2.2.29: the set of a change that could not be made stays when the change is taken back, or corrected. */
export const setLeft: Deviation = {
  id: 'operator-2.1.0-2.2.29-set-left',
  source: 'docs/contract/operations.md#changes-that-cannot-be-made',
  shows: (run) => isReleased(run.parameters.dialect, '2.1.0', '2.2.29') && isLeft(run),
  fails: ['as-before'],
  mayFail: ['all-new'],
  leavesOpen: [],
}

/** There is a set of which no pod is ready, beside all pods from before, or those of the change as it was corrected. */
function isLeft(run: RunView): boolean {
  const { trigger, changeDone } = run.moments
  if (trigger === undefined) return false
  const lastT = endStateT(run)
  const there = new Set(nodesAt(run, lastT))
  const left = leftSets(run, lastT)
  const last = new Map(run.of('pod').flatMap((pod) => (pod.t <= lastT ? [[pod.uid, pod] as const] : [])))
  const isReady = (set: string) => [...last.values()].some((pod) => pod.set === set && pod.ready)
  const isBack = nodesAt(run, trigger).every((node) => there.has(node))
  const idle = left.filter(({ name }) => !isReady(name))
  const isCorrected = changeDone !== undefined && idle.length < left.length
  return idle.length > 0 && (isCorrected || (isBack && idle.length === left.length))
}
