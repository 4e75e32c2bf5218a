import type { RunView } from '#weir/record/view/index.ts'
import { keepsRate, type Loss, lossesByDeletion } from '../evidence/drops.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'

/** How the worst node was deleted with its clients on it; undefined when none was. */
export function undrainedSentence(run: RunView): string | undefined {
  const losses = lossesByDeletion(run)
  const worst = losses.reduce<Loss | undefined>(
    (a, b) => (a && a.rows.length >= b.rows.length ? a : b),
    undefined,
  )
  if (!worst || keepsRate(run, worst)) return undefined

  const isLeast = run.evictions.node.subarray(0, run.evictions.length).includes(-1)
  // A set that only shrinks is not evacuated.
  const isUpdate = run.nodes.some(({ side }) => side === 'new')
  return MESSAGES.verdict.undrained({
    rate: run.parameters.connEvictRate,
    node: shortName(run, worst.node),
    connections: worst.rows.length,
    tookSeconds: Math.max((worst.toT - worst.fromT) / SECOND, 0.1),
    at: moment(run, worst.fromT),
    disruption: run.nodes[worst.node]?.disruption,
    isEvacuated: run.parameters.dialect.evacuates && isUpdate,
    others: losses.length - 1,
    isLeast,
    total: losses.reduce((sum, { rows }) => sum + rows.length, 0),
  })
}
