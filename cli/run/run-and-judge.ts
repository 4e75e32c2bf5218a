import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RECORD_FILES } from '#weir/record/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import { type Judged, judgeRecord } from '../judge-record.ts'
import type { Output } from '../output.ts'
import { ownClusterNotes } from '../own-cluster/notes.ts'
import type { ClusterFlags } from '../own-cluster/options.ts'
import { type Prepared, prepare, refuseTestbedWords } from '../own-cluster/prepare.ts'
import { clusterRequest, needsOf } from '../own-cluster/request.ts'
import { notesOf } from './notes.ts'
import { defaultOutDir } from './out-dir.ts'
import { type RunCluster, startCluster } from './run-cluster.ts'
import { underWatch } from './under-watch.ts'

export interface RunRequest extends ClusterFlags {
  scenario: string
  set: string[]
  fault: string[]
  seed: number
  /** The user's own cluster; an embedded one is started without it. */
  kubeconfig?: string | undefined
  to?: string | undefined
  yes: boolean
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
  const { loadScenario, withVersion } = await import('#weir/scenarios/index.ts')
  const scenario = withVersion(loadScenario(request.scenario, { set: request.set }), request.to)
  const dir = request.out ?? defaultOutDir(scenario.name, new Date())
  const recordThere = () => existsSync(join(dir, RECORD_FILES.manifest))
  // A record that stood there before the run is another run's: it is not judged as this one's.
  const isAnothers = recordThere()
  let failure: unknown
  try {
    await (request.kubeconfig === undefined
      ? runEmbedded(request, scenario, dir, output)
      : runOnOwn({ ...request, kubeconfig: request.kubeconfig }, scenario, dir, output))
  } catch (error) {
    failure = error
  }
  if (failure !== undefined && (isAnothers || !recordThere())) throw failure
  return { judged: await judgeRecord(dir), ...(failure !== undefined && { failure }) }
}

async function runEmbedded(
  request: RunRequest,
  scenario: Scenario,
  dir: string,
  output: Output,
): Promise<void> {
  const faults = [...new Set([...scenario.testbed.faults, ...request.fault])]
  let cluster: RunCluster | undefined
  await underWatch(
    output,
    () => cluster?.kill(),
    async (watch) => {
      const { runScenario } = await import('#weir/scenarios/index.ts')
      try {
        cluster = await startCluster(scenario, faults, request.seed)
        await runScenario({
          scenario,
          kubeconfig: cluster.kubeconfig,
          testbed: scenario.testbed,
          outDir: dir,
          seed: request.seed,
          notes: notesOf(scenario, faults),
          ...watch,
        })
      } finally {
        watch.clear()
        await cluster?.close()
      }
    },
  )
}

async function runOnOwn(
  request: RunRequest & { kubeconfig: string },
  scenario: Scenario,
  dir: string,
  output: Output,
): Promise<void> {
  refuseTestbedWords(scenario, [...scenario.testbed.faults, ...request.fault], request.set)
  const cluster = clusterRequest(request.kubeconfig, request, output.env)
  const prepared = await prepare(scenario, needsOf(scenario, cluster, request.set), request, output)
  await recordOwn(prepared, { dir, seed: request.seed }, output)
}

/** Runs what was prepared on a cluster of the user's own. */
export async function recordOwn(
  { cluster, plan }: Prepared,
  { dir, seed }: { dir: string; seed: number },
  output: Output,
): Promise<void> {
  await underWatch(
    output,
    () => {},
    async (watch) => {
      const { runScenario } = await import('#weir/scenarios/index.ts')
      await runScenario({
        scenario: plan.scenario,
        cluster,
        otherClients: plan.otherClients,
        outDir: dir,
        seed,
        notes: ownClusterNotes(plan),
        ...watch,
      })
    },
  )
}
