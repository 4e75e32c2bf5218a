import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RECORD_FILES } from '#weir/record/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import { type Judged, judgeRecord } from '../judge-record.ts'
import type { Output } from '../output.ts'
import { notesOf } from './notes.ts'
import { defaultOutDir } from './out-dir.ts'
import { ProgressDisplay } from './progress-display.ts'
import { type RunCluster, startCluster, userCluster } from './run-cluster.ts'
import { onInterrupt } from './signals.ts'

export interface RunRequest {
  scenario: string
  set: string[]
  fault: string[]
  seed: number
  kubeconfig?: string | undefined
  out?: string | undefined
}

export interface JudgedRun {
  judged: Judged
  /** What kept the run from being made: the environment, or a defect. Not a verdict. */
  failure?: unknown
}

/**
 * Runs a scenario and judges what stands on disk afterwards: the same bytes that "weir check" will read. When the run
 * fails but leaves a record, the record is judged all the same; when it leaves none, the failure is thrown.
 */
export async function runAndJudge(request: RunRequest, output: Output): Promise<JudgedRun> {
  const { loadScenario } = await import('#weir/scenarios/index.ts')
  const scenario = loadScenario(request.scenario, { set: request.set })
  const dir = request.out ?? defaultOutDir(scenario.name, new Date())
  const recordThere = () => existsSync(join(dir, RECORD_FILES.manifest))
  // A record that stood there before the run is another run's: it is not judged as this one's.
  const isAnothers = recordThere()
  let failure: unknown
  try {
    await makeRun(request, scenario, dir, output)
  } catch (error) {
    failure = error
  }
  if (failure !== undefined && (isAnothers || !recordThere())) throw failure
  return { judged: await judgeRecord(dir), ...(failure !== undefined && { failure }) }
}

async function makeRun(request: RunRequest, scenario: Scenario, dir: string, output: Output): Promise<void> {
  const { runScenario } = await import('#weir/scenarios/index.ts')
  const faults = [...new Set([...scenario.testbed.faults, ...request.fault])]
  const display = new ProgressDisplay(output)
  let cluster: RunCluster | undefined
  const interruption = onInterrupt(
    (text) => display.say(text),
    () => cluster?.kill(),
  )
  try {
    cluster = request.kubeconfig
      ? userCluster(request.kubeconfig, scenario, faults)
      : await startCluster(scenario, faults, request.seed)
    await runScenario({
      scenario,
      kubeconfig: cluster.kubeconfig,
      ...(!request.kubeconfig && { testbed: scenario.testbed }),
      outDir: dir,
      seed: request.seed,
      notes: request.kubeconfig ? [] : notesOf(scenario, faults),
      onProgress: (progress) => display.update(progress),
      signal: interruption.signal,
    })
  } finally {
    display.clear()
    await cluster?.close()
    interruption.release()
  }
}
