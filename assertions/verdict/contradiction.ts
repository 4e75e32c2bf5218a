import type { RunView } from '#weir/record/view/index.ts'
import { shortName } from '../evidence/wording.ts'

/**
 * Why the record's facts cannot all be there, if they contradict each other: a view built on them would blame a node
 * for what another did. Undefined when nothing speaks against them.
 */
export function contradiction(run: RunView): string | undefined {
  const { trigger } = run.moments
  if (trigger === undefined) {
    const sets = new Set(run.of('set').map(({ name }) => name))
    const evacuated = run.of('evacuation').some(({ evacuations }) => evacuations.length > 0)
    return sets.size > 1 || evacuated
      ? 'nodes were replaced, but the record does not say when the change was made'
      : undefined
  }
  const early = run.nodes.findIndex(
    (node) => node.side === 'new' && node.firstSeenT < trigger && run.of('set').length > 0,
  )
  if (early >= 0)
    return `${shortName(run, early)} was there before the change, but nothing was heard of its set until then`
  const stale = run.of('set').findLast(({ t }) => t <= trigger)
  if (run.of('set').length > 0 && !stale) return 'nothing was heard of any set before the change'
  return undefined
}
