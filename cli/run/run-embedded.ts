import type { RunOptions } from '#weir/scenarios/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import { refuseForeignFaults } from '../fault-option.ts'
import { notesOf } from './notes.ts'
import { type RunCluster, startCluster } from './run-cluster.ts'

export interface EmbeddedRequest {
  /** In addition to those of the scenario. */
  fault: readonly string[]
  seed: number
}

/** Receives the progress of a run, may end it in order, and may kill its cluster. */
export interface RunWatch extends Pick<RunOptions, 'onProgress' | 'signal'> {
  started?(cluster: RunCluster): void
  ended?(): void
}

/** Starts an embedded cluster for the scenario, runs the scenario there into `dir`, and stops the cluster. */
export async function runEmbedded(
  scenario: Scenario,
  { fault, seed }: EmbeddedRequest,
  dir: string,
  { started, ended, ...watch }: RunWatch = {},
): Promise<void> {
  const faults = [...new Set([...scenario.testbed.faults, ...fault])]
  await refuseForeignFaults(scenario, faults)
  const { runScenario } = await import('#weir/scenarios/index.ts')
  let cluster: RunCluster | undefined
  try {
    cluster = await startCluster(scenario, faults, seed)
    started?.(cluster)
    const { kubeconfig, died } = cluster
    const notes = notesOf(scenario, faults)
    const { testbed } = scenario
    await runScenario({ scenario, kubeconfig, testbed, died, outDir: dir, seed, notes, ...watch })
  } finally {
    ended?.()
    await cluster?.close()
  }
}
