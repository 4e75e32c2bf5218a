import { watchApiServer } from '../observe/api-server.ts'
import { observeHealth } from '../observe/health.ts'
import { observeLatencies } from '../observe/latencies.ts'
import { followLogs } from '../observe/logs.ts'
import { observeOperator } from '../observe/operator.ts'
import { readPrometheus } from '../observe/prometheus.ts'
import { sampleEmqx } from '../observe/samples.ts'
import { scrapePods } from '../observe/scrapes.ts'
import { sampleSettings } from '../observe/settings.ts'
import { observeCluster } from '../observe/watches.ts'
import { type Progress, reportProgress } from './progress.ts'
import type { Run } from './run.ts'

/** Starts all observers. The run's clean-up stops them, in reverse order. */
export async function startObservers(
  run: Run,
  onProgress: (progress: Progress) => void,
): Promise<{ report(): void }> {
  const keep = <T extends { stop(): Promise<void> }>(one: T): T => {
    run.cleanUp.add(() => one.stop())
    return one
  }
  // First: it ends a run whose API server falls silent while everything is listed.
  keep(watchApiServer(run))
  keep(await observeCluster(run))
  if (run.scenario.observe.logMiB > 0) keep(followLogs(run))
  keep(observeHealth(run))
  keep(observeLatencies(run))
  if (run.scenario.observe.scrape) keep(scrapePods(run))
  if (run.prometheus) keep(readPrometheus(run, run.prometheus))
  keep(sampleEmqx(run))
  keep(sampleSettings(run))
  keep(observeOperator(run))
  run.listings.start(run)
  keep(run.listings)
  const progress = keep(reportProgress(run, () => run.state.evacuations, onProgress))
  return { report: progress.now }
}
