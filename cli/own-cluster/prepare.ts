import { clientIdOf } from '#weir/bench/fleet/fleet-table.ts'
import { assignAccess } from '#weir/bench/index.ts'
import type { Cluster, Discovery } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { examine, type Plan, planOf, type Request, refusalOf } from '#weir/preflight/index.ts'
import type { Scenario } from '#weir/scenarios/index.ts'
import type { Output } from '../output.ts'
import { jsonText } from '../output-options.ts'
import { planDocument } from './plan-document.ts'
import { planText } from './plan-text.ts'
import { rehearseOnCluster } from './rehearse.ts'

/** The user's own cluster, opened, and the plan that the user has confirmed. */
export interface Prepared {
  cluster: Cluster
  plan: Plan
  /** Not in the plan, because the plan is shown. */
  access: Request['access']
}

/**
 * Checks the cluster, shows the plan, and asks for confirmation, unless nothing is to be done but that (`json`: then the plan is a document). Throws the first failure of a check, or WEIR_DECLINED; nothing was
 * changed then. `opened` gets the cluster as soon as
 * it is found, also where a check then fails. With `rehearses` the API server is sent each change as a dry run before the plan is shown.
 */
export async function prepare(
  scenarioFor: (cluster: Cluster, resource: KubeObject, discovery: Discovery) => Scenario | Promise<Scenario>,
  request: Request,
  {
    yes,
    dryRun = false,
    json = false,
    rehearses = false,
    opened: onOpened,
  }: {
    yes: boolean
    dryRun?: boolean
    json?: boolean
    rehearses?: boolean
    opened?: (cluster: Cluster) => void
  },
  output: Output,
): Promise<Prepared> {
  const examination = await examine(request, { untilMissing: true })
  const { found, facts } = examination
  try {
    if (facts.opened) onOpened?.(facts.opened)
    const refusal = refusalOf(examination)
    if (refusal) throw refusal
    const { opened: cluster, discovery, addresses, otherClients, fleetJob: wish, fleetImage } = facts
    if (!cluster || !discovery) throw new Error('nothing is missing, and yet there is no cluster')
    const resource = await cluster.resource()
    const scenario = await scenarioFor(cluster, resource, discovery)
    const fleetJob = wish && fleetImage !== undefined ? { pods: wish.pods, image: fleetImage } : undefined
    const clientIds = chosenIds(request.access, scenario.fleet.clients)
    const known = { discovery, addresses, otherClients, fleetJob, clientIds, found }
    const plan = planOf(scenario, known, resource)
    if (rehearses) await rehearseOnCluster(cluster, plan)
    // What is to be confirmed, or is all that a dry run gives, is no mere progress.
    const show = yes && !dryRun ? output.progress : output.note
    if (dryRun && json) output.print(jsonText(planDocument(plan)))
    else show(`${planText(plan, output.columns)}\n`)
    if (!yes && !dryRun) await confirm(output)
    facts.kube?.close()
    return { cluster, plan, access: request.access }
  } catch (error) {
    await examination.close()
    throw error
  }
}

/** The first and the last client id, where the user chose them. */
function chosenIds(access: Request['access'], clients: number): [string, string] | undefined {
  const { clientId, columns } = access?.identity ?? {}
  if (!access || clients === 0 || (clientId === undefined && !columns?.clientid)) return undefined
  const { clientId: pattern, credentials } = assignAccess(access, clients, '')
  const idOf = (k: number) => credentials?.ids?.[k] ?? clientIdOf({ clientId: pattern, clients }, k)
  return [idOf(0), idOf(clients - 1)]
}

/** Faults, disturbances and testbed settings are refused on the user's cluster. Throws WEIR_FAULT_REFUSED. */
export function refuseTestbedWords(
  scenario: Scenario,
  faults: readonly string[],
  settings: readonly string[],
): void {
  const setting = settings.find((one) => one.startsWith('testbed.'))
  const disturbs = scenario.steps.find((step) => 'action' in step && step.action === 'disturb')
  const what = disturbs
    ? 'the step disturb'
    : faults.length > 0
      ? `the fault ${faults[0]}`
      : setting && `--set ${setting}`
  if (what)
    throw new WeirError(
      'WEIR_FAULT_REFUSED',
      `the scenario ${scenario.name} with ${what} cannot run on your own cluster: faults, disturbances and testbed settings are for weir's own testbed, remove them or --kubeconfig`,
    )
}

/** Throws unless the user confirms: WEIR_DECLINED for no, which is the default, and WEIR_USAGE without a terminal. */
async function confirm(output: Pick<Output, 'ask'>): Promise<void> {
  const answer = await output.ask('Continue? [y/N] ')
  if (answer === undefined)
    throw new WeirError(
      'WEIR_USAGE',
      'there is no terminal for the confirmation, and nothing was changed: add --yes to confirm the plan',
    )
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new WeirError('WEIR_DECLINED', 'nothing was changed: the plan was declined')
}
