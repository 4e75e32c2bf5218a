/** A run to watch: its metrics, while it goes on and of an old record. */
export { openMetrics } from './openmetrics.ts'
export { RunMetrics } from './run-metrics.ts'
