/** Before a run: what a cluster and this machine lack, and what the run would do. Nothing here changes anything. */
export type { Facts, Line, Request, State } from './doctor/check.ts'
export { type Examination, examine, type Found, refusalOf } from './doctor/examine.ts'
export { type Plan, type PlannedChange, planOf } from './plan/plan.ts'
