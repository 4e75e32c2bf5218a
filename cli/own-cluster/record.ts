import type { WayIn } from '#weir/cluster/index.ts'
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
  { cluster, plan, access }: Prepared,
  { dir, seed, limitSeconds, prometheusCredentials, listener, command }: Recording,
  output: Output,
): Promise<RunResult> {
  const { scenario, otherClients, fleetJob } = plan
  let result: RunResult | undefined
  await underWatch(
    output,
    () => {},
    async (watch) => {
      const notes = ownClusterNotes(plan, cluster.wayIn)
      result = await runScenario({
        ...{ scenario, cluster, otherClients, access, prometheusCredentials, limitSeconds, fleetJob },
        ...{ outDir: dir, seed, notes, listener, command },
        ...watch,
      })
    },
  )
  if (!result) throw new Error('the run ended without a result')
  return result
}

/** What is unusual about a run on the user's own cluster, for the top of every report. */
function ownClusterNotes({ discovery, notAsked, otherClients }: Plan, wayIn: WayIn): string[] {
  const { dialect, namespace, name, server, operator } = discovery
  const line =
    operator.line === undefined ? 'an EMQX Operator of an unknown line' : `EMQX Operator ${operator.line}`
  const notes = [
    `The user's own cluster: ${dialect.kind} ${namespace}/${name} on ${server}, ${line} (${operator.how}).`,
  ]
  const { found } = discovery.service
  if (wayIn.addresses)
    notes.push(
      `Clients connect to addresses that the user gave. ${found ? `What is said of Service ${found.name} may not be of their way in` : 'No Service of the cluster is known to be their way in'}: whether it leads to new nodes alone is known from where clients land.`,
    )
  else if (wayIn.service !== undefined)
    notes.push(
      `Clients connect through Service ${wayIn.service}, which the user named: what is said of the Service is said of this one, not of the operator's.`,
    )
  if (otherClients)
    notes.push(`${otherClients} clients that are not weir's were connected when the run began.`)
  for (const { id, why } of notAsked) notes.push(`Not applicable on this cluster: ${id}, because ${why}.`)
  return notes
}
