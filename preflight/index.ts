/** Before a run: checks of the cluster and of this machine, and the plan. Nothing here changes anything. */
export type { Facts, FleetJobWish, Request } from './doctor/check.ts'
export { type Examination, examine, refusalOf } from './doctor/examine.ts'
export { guardScale, MOST_NODES } from './guards/scale.ts'
export type { Found, Line, State } from './line.ts'
export { cpuLine } from './machine/cpus.ts'
export { examineGenerator } from './machine/index.ts'
export type { GeneratorCheck, GeneratorRequest } from './machine/readings.ts'
export { type Plan, planOf } from './plan/plan.ts'
