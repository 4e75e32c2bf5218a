/** Random sequences of steps: which are legal, the sequence of a seed, and the smallest that still fails. Pure. */
export { statesOf, whole } from './episode.ts'
export { KINDS, kindOf } from './kinds/index.ts'
export { BASES, type Naming, scenarioText } from './scenario.ts'
export { episodes } from './sequence.ts'
export { shrink } from './shrink.ts'
export type * from './types.ts'
