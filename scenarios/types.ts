export type { Scenario } from './definition/scenario.ts'
export type { Deadline, Step, WaitName } from './definition/step.ts'
