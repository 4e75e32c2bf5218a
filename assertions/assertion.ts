import type { RunView } from '#weir/record/view/index.ts'
import type { Finding } from './verdict/verdict.ts'

export type Bounds = Readonly<Record<string, number>>

/** One property of a record. Pure: no I/O, no clock, no randomness. */
export interface Assertion {
  id: string
  title: string
  /** Where the definition comes from, e.g. "design: envelope; seed B11". Shown by `weir assertions list`. */
  source: string
  /** Names, meaning and default of the bounds a scenario may override. */
  bounds: Readonly<Record<string, { default: number; unit: string; meaning: string }>>
  /** True for verdicts on rates and times: these become inconclusive when the harness was not healthy. */
  needsHealthyHarness: boolean
  /** True when missing rows of clients.arrow may be why it fails, however they are filled in: then it is inconclusive. */
  needsWholeHistories?: boolean
  /** Faults (testbed/faults) that this assertion must catch. */
  faults: readonly string[]
  check(run: RunView, bounds: Bounds): Omit<Finding, 'id' | 'title'>
}
