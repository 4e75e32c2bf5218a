import { FIGURE_IDS, FIGURES, type FigureId } from '#weir/facts/index.ts'
import type { Floor, Floors } from './floors.ts'
import { type Spread, spreadOf } from './spread.ts'
import { GATE_TEXTS as texts } from './texts.ts'

export type Change = 'better' | 'same' | 'worse' | 'cannot tell'

/** One figure of some runs beside the same of a baseline. */
export interface Comparison {
  id: FigureId
  change: Change
  /** Absent where no run shows the figure. */
  base?: Spread
  now?: Spread
  /** How much the medians must differ to matter, in the figure's unit. */
  least?: number
  /** Why it cannot be told. */
  why?: string
}

/** Runs that a spread takes. With fewer, chance alone explains any order of them. */
export const FEWEST_RUNS = 3

/** A figure that is worse outweighs all others; where none can be told, nothing is known. */
export function outcomeOf(comparisons: readonly Comparison[]): 'worse' | 'inconclusive' | 'pass' {
  if (comparisons.some(({ change }) => change === 'worse')) return 'worse'
  return comparisons.every(({ change }) => change === 'cannot tell') ? 'inconclusive' : 'pass'
}

export type FigureValues = Readonly<Partial<Record<FigureId, readonly number[]>>>

/** Every figure that a policy does not leave out, in the order of the catalogue. */
export const compareFigures = (base: FigureValues, now: FigureValues, floors: Floors): Comparison[] =>
  FIGURE_IDS.flatMap((id) => {
    const floor = floors[id]
    const [before, after] = [base[id] ?? [], now[id] ?? []]
    return floor === undefined || before.length + after.length === 0
      ? []
      : [compared(id, before, after, floor)]
  })

/** How far apart the spreads must be, as a share of their width. */
const APART = 0.1

/**
 * Changed is what differs by more than the floor and lies outside of the other's spread, with room between: three runs of one build on either
 * side are in order by chance once in twenty times, but seldom far apart.
 */
function compared(
  id: FigureId,
  before: readonly number[],
  after: readonly number[],
  floor: Floor,
): Comparison {
  const sides = {
    ...(before.length > 0 && { base: spreadOf(before) }),
    ...(after.length > 0 && { now: spreadOf(after) }),
  }
  const open = (why: string): Comparison => ({ id, change: 'cannot tell', ...sides, why })
  const { base, now } = sides
  if (!base || !now || Math.min(before.length, after.length) < FEWEST_RUNS)
    return open(texts.tooFew({ least: FEWEST_RUNS, before: before.length, after: after.length }))
  const least = Math.max(floor.share * Math.abs(base.median), floor.absolute)
  const difference = now.median - base.median
  const known = { id, base, now, least }
  if (Math.abs(difference) <= least) return { ...known, change: 'same' }
  const gap = difference > 0 ? now.least - base.most : base.least - now.most
  const width = (base.most - base.least + now.most - now.least) / 2
  if (gap <= 0 || gap < APART * width) return { ...open(texts.spread), least }
  const isHigher = difference > 0
  return { ...known, change: isHigher === (FIGURES[id].better === 'higher') ? 'better' : 'worse' }
}
