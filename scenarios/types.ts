export type { Scenario } from './definition/scenario.ts'
export type { Step, WaitName } from './definition/step.ts'
export type { Deadline } from './definition/steps/kind.ts'
