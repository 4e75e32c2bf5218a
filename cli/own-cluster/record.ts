import { runScenario } from '#weir/scenarios/index.ts'
import type { Output } from '../output.ts'
import { underWatch } from '../run/under-watch.ts'
import { ownClusterNotes } from './notes.ts'
import type { Prepared } from './prepare.ts'

export interface Recording {
  /** Folder of the record. */
  dir: string
  seed: number
  limitSeconds?: number
}

/** Runs the plan on the user's cluster, and closes the cluster. */
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
