import { runScenario } from '#weir/scenarios/index.ts'
import type { Output } from '../output.ts'
import { underWatch } from '../run/under-watch.ts'
import { ownClusterNotes } from './notes.ts'
import type { Prepared } from './prepare.ts'

export interface Recording {
  /** The record's own folder. */
  dir: string
  seed: number
  limitSeconds?: number
}

/** Runs what was prepared on a cluster of the user's own, and closes the cluster. */
export async function recordOwn(
  { cluster, plan, mqttUser }: Prepared,
  { dir, seed, limitSeconds }: Recording,
  output: Output,
): Promise<void> {
  const { scenario, otherClients } = plan
  await underWatch(
    output,
    () => {},
    async (watch) => {
      const notes = ownClusterNotes(plan)
      await runScenario({
        ...{ scenario, cluster, otherClients, mqttUser, limitSeconds, outDir: dir, seed, notes },
        ...watch,
      })
    },
  )
}
