import type { AssignedAccess, FleetAccess } from '#weir/bench/types.ts'
import {
  type Cluster,
  openCluster,
  type PrometheusCredentials,
  prometheusApi,
  readPrometheusAddress,
  type Untimed,
} from '#weir/cluster/index.ts'
import { ClusterStates, type RecordEvent } from '#weir/facts/index.ts'
import { openRecord, type RecordListener, type RecordWriter } from '#weir/record/index.ts'
import { type FleetJobRequest, type FleetPods, startPods } from '../fleet-job/start-pods.ts'
import { Listings } from '../observe/listings.ts'
import type { Scenario } from '../types.ts'
import { accessOfRun, readAccess } from './access.ts'
import { CleanUp } from './clean-up.ts'
import { startClock } from './clock.ts'
import { closeRun, endOf, mustThrow } from './close.ts'
import { Interrupted, RunLost, StepFailure } from './endings.ts'
import { LiveCluster } from './live-cluster.ts'
import { firstManifest } from './manifest.ts'
import { startObservers } from './observers.ts'
import type { Progress } from './progress.ts'
import type { ClusterProcess, Run } from './run.ts'
import { RunState } from './state.ts'
import { runSteps } from './steps.ts'
import { emulatedLine } from './testbed.ts'
import { orAborted } from './within.ts'

/** Weir's own testbed, where the run creates the resource, or a user's cluster with its resource. */
export type ClusterUnderTest =
  | {
      kubeconfig: string
      testbed: Scenario['testbed']
      /** Given when this weir started the cluster for the run. */
      clusterProcess?: ClusterProcess
    }
  | {
      /** Opened; the run closes it. */
      cluster: Cluster
      /** Connected clients outside the fleet. */
      otherClients?: number | undefined
    }

export type RunOptions = ClusterUnderTest & {
  scenario: Scenario
  /** Folder of the record. */
  outDir: string
  seed: number
  /** How clients connect, and who they are. Not part of the scenario, which is recorded. Default: what the scenario says. */
  access?: FleetAccess | undefined
  /** The run ends after this in any case. */
  limitSeconds?: number | undefined
  /** For the scenario's Prometheus, unless its address has them. */
  prometheusCredentials?: PrometheusCredentials | undefined
  /** The fleet in pods of the cluster, instead of in this process. */
  fleetJob?: FleetJobRequest | undefined
  /** What is unusual about the run, for every report. */
  notes: readonly string[]
  /** The words after `weir` that make the run again, for the record. */
  command?: readonly string[] | undefined
  /** Gets everything that the record gets, at once. */
  listener?: RecordListener | undefined
  onProgress?: (progress: Progress) => void
  /** Ends the run in order when it aborts. */
  signal?: AbortSignal
}

export interface RunResult {
  /** Folder of the record. */
  dir: string
  end: 'completed' | 'interrupted' | 'failed'
  /** Why it failed. */
  reason?: string
  /** A change was refused, by weir or by the API server. */
  refused?: true
}

async function open(options: RunOptions): Promise<Cluster> {
  if ('cluster' in options) return options.cluster
  const { scenario, kubeconfig, testbed } = options
  const { dialect, manifest } = scenario.cluster
  const { metadata } = manifest as { metadata?: { name?: string; namespace?: string } }
  return openCluster({
    kubeconfig,
    dialect,
    operator: emulatedLine(testbed),
    namespace: metadata?.namespace,
    name: metadata?.name,
    wayIn: { protocol: scenario.fleet.transport?.protocol },
  })
}

async function serverVersion(cluster: Cluster): Promise<Record<string, string>> {
  const { body } = await cluster.kube.raw('GET', '/version').catch(() => ({ body: undefined }))
  const { gitVersion } = (body ?? {}) as { gitVersion?: string }
  return gitVersion ? { kubernetes: gitVersion } : {}
}

/** The scenario without the credentials in its Prometheus' address: it is recorded. Throws WEIR_USAGE. */
function withPrometheus({ scenario, prometheusCredentials }: RunOptions) {
  const { prometheus, ...observe } = scenario.observe
  if (prometheus === undefined) return { scenario }
  const address = readPrometheusAddress(prometheus, prometheusCredentials)
  return {
    scenario: { ...scenario, observe: { ...observe, prometheus: address.url } },
    prometheus: prometheusApi(address),
  }
}

/** The pods of the fleet, when it is to be in some: they run before the record begins, so that a cluster without room for them has no run. */
async function podsFor(
  options: RunOptions,
  { kube }: Cluster,
  access: AssignedAccess,
  signal: AbortSignal,
): Promise<FleetPods | undefined> {
  const { fleetJob, scenario } = options
  if (!fleetJob || scenario.fleet.clients === 0) return undefined
  const { clients } = scenario.fleet
  options.onProgress?.({
    ...{ phase: 'fleet-pods', elapsedS: 0, clients, online: 0, attemptsPerSecond: 0 },
    message: `${fleetJob.pods} pods of ${fleetJob.image} start`,
  })
  return startPods(kube, { ...fleetJob, fleet: scenario.fleet, access, signal })
}

/** The audit has what weir made in the cluster, and that it is removed when everything else has ended. */
function recordPods(run: Run, pods: FleetPods): void {
  const audit = (action: string, phase: 'done' | 'failed', detail: string) =>
    run.emit({ type: 'action', id: run.state.actionStarted(), action, phase, detail })
  audit('create-fleet-job', 'done', pods.what)
  run.cleanUp.add(async () => {
    await pods.remove()
    audit('remove-fleet-job', 'done', pods.what)
  })
}

function makeRun(
  options: RunOptions,
  parts: Pick<Run, 'scenario' | 'prometheus' | 'cluster' | 'clock' | 'record' | 'fleetPods'> &
    ReturnType<typeof accessOfRun> & { stop: AbortController },
): Run {
  const { stop, ...shared } = parts
  const { clock, record } = shared
  const { seed } = options
  const states = new ClusterStates()
  return {
    ...shared,
    seed,
    ...('testbed' in options
      ? { testbed: options.testbed, clusterProcess: options.clusterProcess }
      : { otherClients: options.otherClients }),
    live: new LiveCluster(),
    states,
    listings: new Listings(),
    signal: stop.signal,
    emit(event: Untimed<RecordEvent>) {
      const t = clock.now()
      const stamped = { t, ...event } as RecordEvent
      record.event(stamped)
      states.take(stamped)
      return t
    },
    lose: (reason, cause) => stop.abort(new RunLost(reason, { cause })),
    state: new RunState(),
    cleanUp: new CleanUp(),
  }
}

/**
 * Runs a scenario on the cluster that a kubeconfig names, and records it. Judges nothing.
 *
 * A step that fails or times out, an interruption and a lost cluster all end in a closed record. Throws a WeirError before there is a
 * record (a kubeconfig, a cluster or a folder that cannot be used), or, after the record was closed, if nothing was changed (e.g. too
 * few descriptors for the fleet).
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { outDir: dir, seed, notes, signal, onProgress = () => {} } = options
  const cluster = await open(options)
  const stop = new AbortController()
  const interrupt = () => stop.abort(new Interrupted())
  if (signal?.aborted) interrupt()
  signal?.addEventListener('abort', interrupt)
  let fleetPods: FleetPods | undefined
  let record: RecordWriter
  let run: Run
  try {
    const { scenario, prometheus } = withPrometheus(options)
    const { clients } = scenario.fleet
    const identified = accessOfRun(options.access ?? readAccess(scenario.fleet), clients)
    fleetPods = await podsFor(options, cluster, identified.access, stop.signal)
    const clock = startClock()
    const manifest = firstManifest(scenario, clock, {
      seed,
      notes: [...notes, ...(fleetPods ? [`The fleet runs in ${fleetPods.what}.`] : [])],
      server: await serverVersion(cluster),
      command: options.command,
    })
    record = await openRecord(dir, manifest, {
      prometheus: prometheus !== undefined,
      logs: scenario.observe.logMiB > 0,
      listener: options.listener,
      onFailure: (error) => stop.abort(error),
    })
    run = makeRun(options, { scenario, prometheus, cluster, clock, record, fleetPods, stop, ...identified })
    if (fleetPods) recordPods(run, fleetPods)
    if (clients === 0) await record.fleet({ ids: [], group: [], groups: [] })
  } catch (error) {
    signal?.removeEventListener('abort', interrupt)
    const first = fleetPods ? await fleetPods.removeAfter(error) : error
    await cluster.close()
    throw first
  }
  void run.clusterProcess?.died.then((how) => {
    run.emit({ type: 'process-end', process: 'embedded cluster', how })
    run.lose(how)
  })
  const { limitSeconds } = options
  const limit =
    limitSeconds === undefined
      ? undefined
      : setTimeout(
          () => stop.abort(new RunLost(`its time limit of ${limitSeconds} s has passed`)),
          limitSeconds * 1000,
        )
  let ended: unknown
  try {
    const { report } = await orAborted(startObservers(run, onProgress), run.signal)
    await runSteps(run, report)
  } catch (error) {
    ended = error
  }
  clearTimeout(limit)
  signal?.removeEventListener('abort', interrupt)
  const end = endOf(ended)
  await closeRun(run, end)
  // The caller must learn of a record that could not be completed, even at the very end.
  const lost = ended ?? (stop.signal.aborted ? stop.signal.reason : undefined)
  if (mustThrow(run.state, lost)) throw lost
  return {
    dir,
    end: end.how,
    ...(end.reason !== undefined && { reason: end.reason }),
    ...(ended instanceof StepFailure && ended.refused && { refused: true }),
  }
}
