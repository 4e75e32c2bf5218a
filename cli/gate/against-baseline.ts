import { EXIT } from '#weir/errors/index.ts'
import { type Floors, outcomeOf, type RunSet, readBaseline, requireAlike } from '#weir/gate/index.ts'
import { renderComparisonMarkdown } from '#weir/reports/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { GateFlags } from '../options.ts'
import type { Output } from '../output.ts'
import { appendStepSummary } from '../run/step-summary.ts'
import { type Compared, comparedSides, readFloors } from './compared.ts'
import { sideOfRuns, textOf } from './sides.ts'

/** What runs are to be compared with. */
export interface Against {
  base: RunSet
  floors: Floors
}

/**
 * Reads the baseline and the policy before anything runs. Throws WEIR_BASELINE, WEIR_USAGE, and WEIR_UNLIKE for a scenario that is not that of
 * the baseline.
 */
export async function baselineOf({ baseline = '', policy }: GateFlags, scenario: Scenario): Promise<Against> {
  const base = readBaseline(await textOf(baseline), baseline)
  const { name, fleet } = scenario
  requireAlike(base.settings, { scenario: name, clients: fleet.clients }, 'this run')
  return { base, floors: await readFloors(policy) }
}

/** Compares runs with a baseline, shows it, and gives the exit code of the comparison. */
export async function comparedWith(
  { base, floors }: Against,
  dirs: readonly string[],
  output: Output,
  show: (compared: Compared) => void,
): Promise<number> {
  const { set: now } = await sideOfRuns(dirs)
  const compared = comparedSides(base, now, floors, dirs[0]!)
  show(compared)
  await appendStepSummary(renderComparisonMarkdown(base, now, compared.comparisons), output)
  return EXIT[outcomeOf(compared.comparisons)]
}
