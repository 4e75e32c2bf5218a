/** The library, as docs/library.md describes it. Everything else in the package may change without notice. */
import { judge as judgeFacts, type Verdict } from '#weir/assertions/index.ts'
import { readRecord } from '#weir/record/index.ts'
import type { Progress } from '#weir/scenarios/index.ts'
import { judgedAfter } from './run/judged-after.ts'
import { runEmbedded } from './run/run-embedded.ts'

export type { Evidence, Finding, Outcome, Verdict } from '#weir/assertions/index.ts'
export { WeirError } from '#weir/errors/index.ts'
export type * from '#weir/facts/index.ts'
export { openRecord, type RecordWriter, type RunRecord, readRecord } from '#weir/record/index.ts'
export type { Progress } from '#weir/scenarios/index.ts'

/**
 * Judges a record folder, as "weir check" does; writes nothing.
 *
 * @throws WeirError WEIR_RECORD_MISSING, WEIR_RECORD_DAMAGED or WEIR_RECORD_NEWER
 */
export async function judge(recordFolder: string): Promise<Verdict> {
  return judgeFacts(await readRecord(recordFolder))
}

export interface RunScenarioOptions {
  /** Folder of the record. Default: runs/<UTC time>-<scenario>. */
  out?: string
  /** Changes of the scenario, as `--set`: "fleet.clients=100". */
  set?: readonly string[]
  /** Faults of the embedded cluster to switch on, as `--fault`. */
  faults?: readonly string[]
  seed?: number
  /** Ends the run in order on abort: the record is closed and judged. */
  signal?: AbortSignal
  onProgress?(progress: Progress): void
}

/**
 * Runs a scenario, by name or file, on a new embedded cluster, and judges the record. A verdict other than "pass" is a result, not
 * an error.
 *
 * @throws WeirError when the run cannot be made: an unknown scenario, an invalid setting, a folder that cannot be written
 */
export async function runScenario(
  nameOrPath: string,
  { out, set, faults = [], seed = 1, signal, onProgress }: RunScenarioOptions = {},
): Promise<{ dir: string; verdict: Verdict }> {
  const { loadScenario } = await import('#weir/scenarios/index.ts')
  const scenario = loadScenario(nameOrPath, { set })
  const { judged, failure } = await judgedAfter({ out, scenario: scenario.name }, (dir) =>
    runEmbedded(scenario, { fault: faults, seed }, dir, { signal, onProgress }),
  )
  if (failure !== undefined) throw failure
  return { dir: judged.dir, verdict: judged.verdict }
}
