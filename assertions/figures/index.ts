import {
  type AssertionId,
  FIGURE_IDS,
  FIGURES,
  type Figure,
  type FigureId,
  type Figures,
} from '#weir/facts/index.ts'
import { lostPods, type RunView } from '#weir/record/view/index.ts'
import { needsFleet } from '../verdict/lost-pods.ts'
import type { Finding } from '../verdict/verdict.ts'
import { SOURCES } from './sources.ts'

/**
 * The figures of a record. Those of an assertion come from its finding, whatever its outcome; `examine` makes the finding of one that the
 * scenario does not ask for, and such a figure has no bound. Without a view nothing is known, and where a fleet pod was lost only what
 * needs no client.
 */
export function figuresOf(
  view: RunView | undefined,
  findings: readonly Finding[],
  examine: (id: AssertionId) => Finding,
): Figures {
  const isPartial = view !== undefined && lostPods(view.record).length > 0
  const figure = (id: FigureId): Figure => {
    const { unit, better } = FIGURES[id]
    const source = SOURCES[id]
    if (!view || (isPartial && ofFleet(id))) return { value: null, unit, better }
    if (typeof source === 'function') return { value: known(source(view)), unit, better }
    const asked = findings.find((finding) => finding.id === source.of)
    const { figures } = asked ?? examine(source.of)
    const value = known(figures[source.value])
    const bound = asked && source.bound !== undefined ? known(figures[source.bound]) : null
    if (value === null || bound === null) return { value, unit, better }
    return { value, unit, better, bound, margin: better === 'lower' ? bound - value : value - bound }
  }
  return Object.fromEntries(FIGURE_IDS.map((id) => [id, figure(id)])) as Figures
}

/** Whether the whole fleet is needed to know it. */
function ofFleet(id: FigureId): boolean {
  const source = SOURCES[id]
  return typeof source === 'function' ? id !== 'took' : needsFleet(source.of)
}

const known = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null
