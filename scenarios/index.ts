/** Scenarios: reading them, and running them into a record. */

export { changesCluster } from './definition/step.ts'
export type { FleetJobRequest } from './fleet-job/start-pods.ts'
export { describeScenario } from './load/describe.ts'
export { listScenarios, type ScenarioEntry } from './load/list.ts'
export { loadScenario } from './load/load.ts'
export { observing } from './load/observing.ts'
export { targetVersion, withVersion } from './load/target-version.ts'
export { type Scaling, scaling } from './operations/scaling.ts'
export type { Progress } from './run/progress.ts'
export type { ClusterProcess } from './run/run.ts'
export { type RunOptions, type RunResult, runScenario } from './run/run-scenario.ts'
export type * from './types.ts'
