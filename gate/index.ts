/** Compares runs of one scenario: is this build worse than the last? Pure: no I/O, no clock, no randomness. */
export { baselineText, readBaseline } from './baseline.ts'
export {
  type Change,
  type Comparison,
  compareFigures,
  FEWEST_RUNS,
  type FigureValues,
  outcomeOf,
} from './compare.ts'
export { FLOORS, type Floor, type Floors } from './floors.ts'
export { floorsOf } from './policy.ts'
export { type JudgedRun, type RunSet, runSetOf } from './run-set.ts'
export { requireAlike, type Settings, settingsOf } from './settings.ts'
export { type Spread, spreadOf } from './spread.ts'
