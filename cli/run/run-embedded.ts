import { join } from 'node:path'
import { dialects } from '#weir/cluster/dialects/index.ts'
import type { RunOptions } from '#weir/scenarios/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import { refuseForeignFaults } from '../fault-option.ts'
import { ownTestbedImage } from './fleet-job.ts'
import { type RunCluster, startCluster } from './run-cluster.ts'

export interface EmbeddedRequest
  extends Pick<RunOptions, 'access' | 'prometheusCredentials' | 'fleetJob' | 'listener' | 'command'> {
  /** In addition to those of the scenario. */
  fault: readonly string[]
  seed: number
  adopt?: string | undefined
  keep?: boolean | undefined
}

/** Receives the progress of a run, may end it in order, and may kill its cluster. */
export interface RunWatch extends Pick<RunOptions, 'onProgress' | 'signal'> {
  /** Nothing was refused, and the cluster is about to be started. */
  starting?(): void
  started?(cluster: RunCluster): void
  ended?(): void
}

/** Starts the scenario's testbed, runs the scenario there into `dir`, and stops it. */
export async function runEmbedded(
  written: Scenario,
  { fault, seed, adopt, keep, access, prometheusCredentials, fleetJob, listener, command }: EmbeddedRequest,
  dir: string,
  { starting, started, ended, ...watch }: RunWatch = {},
): Promise<void> {
  const scenario = adopt === undefined ? written : await withAdoptedImages(written)
  const faults = [...new Set([...scenario.testbed.faults, ...fault])]
  await refuseForeignFaults(scenario, faults)
  const { runScenario } = await import('#weir/scenarios/index.ts')
  let cluster: RunCluster | undefined
  starting?.()
  try {
    const hasWeirImage = fleetJob?.image === ownTestbedImage()
    const logs = join(dir, 'logs')
    cluster = await startCluster(scenario, { faults, seed, adopt, keep, logs, hasWeirImage })
    started?.(cluster)
    const { kubeconfig, process: clusterProcess } = cluster
    const notes = notesOf(scenario, faults)
    const { testbed } = scenario
    await runScenario({
      ...{ scenario, kubeconfig, testbed, clusterProcess, access, prometheusCredentials, fleetJob },
      ...{ outDir: dir, seed, notes, listener, command },
      ...watch,
    })
  } finally {
    ended?.()
    await cluster?.close()
  }
}

/** A cluster of the user's has weir's images under names of their own. */
async function withAdoptedImages(scenario: Scenario): Promise<Scenario> {
  const { withOwnImages } = await import('#weir/testbed/index.ts')
  const { cluster, testbed } = scenario
  return {
    ...scenario,
    cluster: { ...cluster, manifest: withOwnImages(cluster.manifest, testbed.emqx ?? []) },
  }
}

/** What is unusual about a run on a testbed, for the top of every report. */
export function notesOf(scenario: Scenario, faults: readonly string[]): string[] {
  const {
    kind,
    operator,
    emqx = [],
    pollIntervalSeconds,
    healthCheckWaitSeconds,
    secretSyncSeconds,
  } = scenario.testbed
  const dialect = dialects[scenario.cluster.dialect]
  const notes: string[] = []
  if (kind === 'control-plane')
    notes.push("The API server, etcd and the controllers are Kubernetes' own; the kubelet is weir's.")
  if (kind === 'kind') notes.push("The cluster is a kind cluster: Kubernetes' own programs, in docker.")
  if (typeof operator !== 'string') notes.push(`The operator is the build ${operator.binary}.`)
  else if (pollIntervalSeconds !== dialect.releasedPollSeconds)
    notes.push(
      `The emulated operator polls the cluster every ${pollIntervalSeconds} s; released ones poll every ${dialect.releasedPollSeconds} s.`,
    )
  const released = dialect.facts.healthCheckWaitSeconds
  for (const { dir, version } of emqx)
    notes.push(`EMQX ${version === undefined ? '' : `${version} `}is the installation ${dir}.`)
  if (emqx.length === 0 && healthCheckWaitSeconds !== undefined && healthCheckWaitSeconds !== released)
    notes.push(
      `The emulated EMQX waits ${healthCheckWaitSeconds} s for health checks before it evicts; released versions wait ${released} s.`,
    )
  if (secretSyncSeconds !== undefined && kind !== 'kind')
    notes.push(
      `The kubelet writes mounted Secrets again every ${secretSyncSeconds} s; a real one about every 60 s.`,
    )
  if (faults.length > 0) notes.push(`Faults are switched on: ${faults.join(', ')}.`)
  return notes
}
