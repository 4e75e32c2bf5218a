/** Runs that never happened: honest ones and ones with a fault, for testing what judges runs. */
export { Random } from './random.ts'
export { mutantOf, quickened, quickMutantOf, type Settings, settingsOf } from './settings.ts'
export { simulate } from './simulate.ts'
