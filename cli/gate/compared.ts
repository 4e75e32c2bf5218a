import {
  type Comparison,
  compareFigures,
  FLOORS,
  type Floors,
  floorsOf,
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

/** Prints what was compared, and a row for each figure. */
export function tellComparison({ base, now, comparisons }: Compared, output: Output): void {
  for (const line of comparisonHead(base, now, comparisons)) output.print(line)
  output.print(`\n${alignedRows(comparisonTable(comparisons), output.columns)}`)
}
