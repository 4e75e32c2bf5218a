import type { ClientFlags } from '#weir/bench/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { cpuLine } from '#weir/preflight/index.ts'
import type { RecordListener } from '#weir/record/index.ts'
import {
  loadScenario,
  type Scenario,
  withClientFlags,
  withEvictRate,
  withVersion,
} from '#weir/scenarios/index.ts'
import type { ClusterFlags } from '../cluster-options.ts'
import { refuseForeignFaults } from '../fault-option.ts'
import {
  type FleetFlags,
  type LastingFlags,
  type ProgramFlags,
  type PrometheusFlags,
  type TestbedFlags,
  withLeaveSessions,
  withPrograms,
  withPrometheus,
  withTestbed,
} from '../options.ts'
import type { Output } from '../output.ts'
import { accessFor } from '../own-cluster/access.ts'
import { prepare, refuseTestbedWords } from '../own-cluster/prepare.ts'
import { recordOwn } from '../own-cluster/record.ts'
import { clusterRequest, needsOf } from '../own-cluster/request.ts'
import { ownFleetJob, podsOf, testbedFleetJob } from './fleet-job.ts'
import { type JudgedRun, judgedAfter } from './judged-after.ts'
import { withLabels } from './labels.ts'
import { examinedPrometheus } from './prometheus.ts'
import { rehearseOnTestbed } from './rehearse.ts'
import { commandOfRun } from './repeat-command.ts'
import type { RunCluster } from './run-cluster.ts'
import { type EmbeddedRequest, runEmbedded } from './run-embedded.ts'
import { underWatch } from './under-watch.ts'

export interface RunRequest
  extends ClientFlags,
    ClusterFlags,
    FleetFlags,
    ProgramFlags,
    PrometheusFlags,
    TestbedFlags,
    LastingFlags {
  scenario: string
  set: string[]
  bound: string[]
  label: string[]
  fault: string[]
  seed: number
  /** The user's own cluster. Without it an embedded cluster is started. */
  kubeconfig?: string | undefined
  /** The EMQX version to upgrade to, instead of the scenario's. */
  to?: string | undefined
  /** Connections and sessions evicted a second, changed with the version until the run ends. */
  evictRate?: number | undefined
  /** Confirms the plan in advance. */
  yes: boolean
  out?: string | undefined
  'leave-sessions'?: boolean | undefined
  /** Gets what is recorded. */
  onRecord?: RecordListener | undefined
}

/** The scenario with everything that the command line says of it. Throws WEIR_USAGE and what loadScenario throws. */
export function scenarioOf(request: RunRequest): Scenario {
  const { set, bound, label } = request
  const loaded = withVersion(loadScenario(request.scenario, { set, bound }), request.to)
  const named = withEvictRate(loaded, request.evictRate)
  const connected = withClientFlags(named, request)
  const whole = withPrograms(withLeaveSessions(connected, request['leave-sessions']), request)
  return withLabels(withTestbed(withPrometheus(whole, request), request), label)
}

/** Runs a scenario and judges its record. */
export async function runAndJudge(request: RunRequest, output: Output): Promise<JudgedRun> {
  const { kubeconfig, set, fault, seed } = request
  const scenario = scenarioOf(request)
  const access = accessFor(scenario, request, output.env)
  const command = commandOfRun(request)
  const place = { out: request.out, scenario: scenario.name }
  const pods = podsOf(request, scenario.fleet.clients)
  if (kubeconfig === undefined) {
    await rehearseOnTestbed(scenario)
    const fleetJob = testbedFleetJob(scenario, pods, request)
    await prepareTestbed(scenario, request, output)
    const prometheus = await examinedPrometheus(scenario, output)
    return judgedAfter(place, (dir) =>
      runWatched(
        scenario,
        { ...request, listener: request.onRecord, ...prometheus, access, fleetJob, command },
        dir,
        output,
      ),
    )
  }
  refuseTestbedWords(scenario, [...scenario.testbed.faults, ...fault], set)
  const prometheus = await examinedPrometheus(scenario, output)
  const cluster = clusterRequest(kubeconfig, request, output.env)
  const fleetJob = ownFleetJob(pods, kubeconfig, request, output.env)
  const prepared = await prepare(
    () => scenario,
    needsOf(scenario, cluster, access, { ...request, fleetJob }),
    { yes: request.yes, rehearses: true },
    output,
  )
  return judgedAfter(place, (dir) =>
    recordOwn(prepared, { dir, seed, listener: request.onRecord, command, ...prometheus }, output),
  )
}

/** Builds what the scenario's testbed needs, once. Nothing else has been done before. */
async function prepareTestbed(
  scenario: Scenario,
  request: Pick<RunRequest, 'fault' | 'onRecord' | keyof LastingFlags>,
  output: Output,
): Promise<void> {
  const { fault, adopt, keep } = request
  const { kind, faults, emqx } = scenario.testbed
  if (adopt !== undefined && kind !== 'kind')
    throw new WeirError('WEIR_USAGE', '--adopt names a kind cluster: add --testbed kind')
  if (keep && kind === 'control-plane')
    throw new WeirError(
      'WEIR_USAGE',
      'the cluster of --testbed control-plane ends with its run: start one that stays with "weir testbed up --testbed control-plane", and leave --keep out',
    )
  if (kind === 'embedded') return
  await refuseForeignFaults(scenario, [...faults, ...fault])
  if (kind === 'control-plane') return enterControlPlane(scenario, request, output)
  const { prepareKind } = await import('#weir/testbed/index.ts')
  await prepareKind({ ...(adopt !== undefined && { adopt }), ...(emqx && { emqx }) }, output.progress)
}

/**
 * Kubernetes' own control plane is in a network namespace, and weir must be there too, with its fleet: this process begins again in a new
 * one.
 */
async function enterControlPlane(
  scenario: Scenario,
  request: Pick<RunRequest, 'onRecord'>,
  output: Output,
): Promise<void> {
  if (scenario.observe.prometheus !== undefined)
    throw new WeirError(
      'WEIR_USAGE',
      'no Prometheus can be reached from the network namespace of the testbed control-plane: leave observe.prometheus and --prometheus out',
    )
  if (request.onRecord !== undefined)
    throw new WeirError(
      'WEIR_USAGE',
      'no Prometheus can reach the network namespace of the testbed control-plane: leave --prometheus out, and use "weir report RUN --openmetrics" afterwards',
    )
  const { buildPrograms, enterNamespace } = await import('#weir/testbed/index.ts')
  await buildPrograms(output.progress)
  enterNamespace()
}

/** The cluster runs on this machine too: a busy one makes all that depends on time inconclusive. */
function warnIfBusy(output: Output): void {
  const { state, says, todo } = cpuLine()
  if (state === 'warning') output.note(`weir: warning: ${says}: ${todo}`)
}

function runWatched(
  scenario: Scenario,
  request: EmbeddedRequest,
  dir: string,
  output: Output,
): Promise<void> {
  let cluster: RunCluster | undefined
  const told = () => {
    if (request.keep && cluster)
      output.note(`weir: the cluster runs until "weir testbed down": export KUBECONFIG=${cluster.kubeconfig}`)
  }
  return underWatch(
    output,
    () => cluster?.kill(),
    ({ clear, ...watch }) =>
      runEmbedded(scenario, request, dir, {
        ...watch,
        starting: () => warnIfBusy(output),
        started: (made) => {
          cluster = made
        },
        ended: clear,
      }),
  ).finally(told)
}
