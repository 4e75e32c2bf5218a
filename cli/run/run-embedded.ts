import type { Scenario } from '#weir/scenarios/types.ts'
import { refuseForeignFaults } from '../fault-option.ts'
import type { Output } from '../output.ts'
import { notesOf } from './notes.ts'
import { type RunCluster, startCluster } from './run-cluster.ts'
import { underWatch } from './under-watch.ts'

export interface EmbeddedRequest {
  /** Switched on beside those of the scenario. */
  fault: readonly string[]
  seed: number
}

/** Starts an embedded cluster as the scenario wants it, runs the scenario there into `dir`, and takes it away again. */
export async function runEmbedded(
  scenario: Scenario,
  { fault, seed }: EmbeddedRequest,
  dir: string,
  output: Output,
): Promise<void> {
  const faults = [...new Set([...scenario.testbed.faults, ...fault])]
  await refuseForeignFaults(scenario, faults)
  const { runScenario } = await import('#weir/scenarios/index.ts')
  let cluster: RunCluster | undefined
  await underWatch(
    output,
    () => cluster?.kill(),
    async (watch) => {
      try {
        cluster = await startCluster(scenario, faults, seed)
        const notes = notesOf(scenario, faults)
        const { kubeconfig } = cluster
        await runScenario({
          scenario,
          kubeconfig,
          testbed: scenario.testbed,
          outDir: dir,
          seed,
          notes,
          ...watch,
        })
      } finally {
        watch.clear()
        await cluster?.close()
      }
    },
  )
}
