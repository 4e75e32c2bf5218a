import type { RecordListener } from '#weir/record/index.ts'
import type { Output } from '../output.ts'
import { prometheusFlag } from '../prometheus-flag.ts'
import type { JudgedRun } from './judged-after.ts'

/**
 * Makes a run, and serves its metrics until its reports are written, where `--prometheus` says so. `act` gives them to the run; `tell` writes
 * the reports. Throws WEIR_USAGE and WEIR_ADDRESS_IN_USE before anything else is done.
 */
export async function withOwnMetrics(
  flag: string | readonly string[] | undefined,
  output: Output,
  act: (onRecord: RecordListener | undefined) => Promise<JudgedRun>,
  tell: (run: JudgedRun) => Promise<number>,
): Promise<number> {
  const { place } = prometheusFlag(flag)
  if (place === undefined) return tell(await act(undefined))
  const { exposition, serveMetrics } = await import('#weir/metrics/index.ts')
  const { RunMetrics } = await import('#weir/watch/index.ts')
  const { RUN_METRICS } = await import('#weir/facts/index.ts')
  const metrics = new RunMetrics()
  const server = await serveMetrics(place, await exposition(RUN_METRICS, () => metrics.samples()))
  output.progress(`weir: metrics are at ${server.url}`)
  try {
    const run = await act(metrics)
    metrics.judged(run.judged.verdict)
    return await tell(run)
  } finally {
    await server.close()
  }
}
