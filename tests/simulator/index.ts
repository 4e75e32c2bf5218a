/** Runs that never happened: honest ones and ones with a fault, for testing what judges runs. */
export { Random } from './random.ts'
export {
  mutantOf,
  quickEmqx5,
  quickened,
  quickMutantOf,
  type Settings,
  settingsOf,
  withEmqx5,
} from './settings.ts'
export { simulate } from './simulate.ts'
