import type { Plan } from '#weir/preflight/index.ts'
import { type RunOptions, type RunResult, runScenario } from '#weir/scenarios/index.ts'
import type { Output } from '../output.ts'
import { underWatch } from '../run/under-watch.ts'
import type { Prepared } from './prepare.ts'

export interface Recording extends Pick<RunOptions, 'prometheusCredentials' | 'listener' | 'command'> {
  /** Folder of the record. */
  dir: string
  seed: number
  limitSeconds?: number
}

/** Runs the plan on the user's cluster, and closes the cluster. Returns how it ended. */
export async function recordOwn(
  { cluster, plan, mqttUser }: Prepared,
  { dir, seed, limitSeconds, prometheusCredentials, listener, command }: Recording,
  output: Output,
): Promise<RunResult> {
  const { scenario, otherClients, fleetJob } = plan
  let result: RunResult | undefined
  await underWatch(
    output,
    () => {},
    async (watch) => {
      const notes = ownClusterNotes(plan)
      result = await runScenario({
        ...{ scenario, cluster, otherClients, mqttUser, prometheusCredentials, limitSeconds, fleetJob },
        ...{ outDir: dir, seed, notes, listener, command },
        ...watch,
      })
    },
  )
  if (!result) throw new Error('the run ended without a result')
  return result
}

/** What is unusual about a run on the user's own cluster, for the top of every report. */
function ownClusterNotes({ discovery, notAsked, otherClients }: Plan): string[] {
  const { dialect, namespace, name, server, operator } = discovery
  const line =
    operator.line === undefined ? 'an EMQX Operator of an unknown line' : `EMQX Operator ${operator.line}`
  const notes = [
    `The user's own cluster: ${dialect.kind} ${namespace}/${name} on ${server}, ${line} (${operator.how}).`,
  ]
  if (otherClients)
    notes.push(`${otherClients} clients that are not weir's were connected when the run began.`)
  for (const { id, why } of notAsked) notes.push(`Not applicable on this cluster: ${id}, because ${why}.`)
  return notes
}
