import {
  type Comparison,
  compareFigures,
  FLOORS,
  type Floors,
  floorsOf,
  outcomeOf,
  type RunSet,
  requireAlike,
} from '#weir/gate/index.ts'
import { comparisonHead, comparisonTable } from '#weir/reports/index.ts'
import type { Output } from '../output.ts'
import { alignedRows } from '../table.ts'
import { textOf } from './sides.ts'

/** Two sides of a comparison, and what came of it. */
export interface Compared {
  base: RunSet
  now: RunSet
  comparisons: Comparison[]
}

/** The floors of a policy's file; those of weir without one. Throws WEIR_USAGE. */
export const readFloors = async (policy: string | undefined): Promise<Floors> =>
  policy === undefined ? FLOORS : floorsOf(await textOf(policy), policy)

/** `name`: of the new runs, for messages. Throws WEIR_UNLIKE. */
export function comparedSides(base: RunSet, now: RunSet, floors: Floors, name: string): Compared {
  requireAlike(base.settings, now.settings, name)
  return { base, now, comparisons: compareFigures(base.figures, now.figures, floors) }
}

/** A comparison for programs. */
export const comparisonDocument = ({ base, now, comparisons }: Compared): object => ({
  format: 1,
  outcome: outcomeOf(comparisons),
  base,
  now,
  figures: comparisons,
})

/** Prints what was compared, and a row for each figure; with `quiet` the headline alone. */
export function tellComparison(
  { base, now, comparisons }: Compared,
  output: Output,
  { quiet = false }: { quiet?: boolean | undefined } = {},
): void {
  const head = comparisonHead(base, now, comparisons)
  for (const line of quiet ? head.slice(0, 1) : head) output.print(line)
  if (quiet) return
  output.print(`\n${alignedRows(comparisonTable(comparisons), output.columns)}`)
}
