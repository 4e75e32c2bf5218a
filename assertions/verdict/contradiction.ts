import type { RunView } from '#weir/record/view/index.ts'
import { shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'

const text = MESSAGES.verdict

/**
 * How the record's facts contradict each other, if they do: a view built on them would blame the wrong node.
 */
export function contradiction(run: RunView): string | undefined {
  const { trigger } = run.moments
  if (trigger === undefined) {
    const sets = new Set(run.of('set').map(({ name }) => name))
    const evacuated = run.of('evacuation').some(({ evacuations }) => evacuations.length > 0)
    return sets.size > 1 || evacuated ? text.changeUnknown : undefined
  }
  const early = run.nodes.findIndex(
    (node) => node.side === 'new' && node.firstSeenT < trigger && run.of('set').length > 0,
  )
  if (early >= 0) return text.earlyNode({ node: shortName(run, early) })
  const stale = run.of('set').findLast(({ t }) => t <= trigger)
  if (run.of('set').length > 0 && !stale) return text.noEarlySet
  return undefined
}
