import type { Cluster, DialectName } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { examine, type Plan, planOf, type Request, refusalOf } from '#weir/preflight/index.ts'
import type { Scenario } from '#weir/scenarios/index.ts'
import type { Output } from '../output.ts'
import { confirm } from './confirm.ts'
import { planText } from './plan-text.ts'

/** A cluster of the user's own, opened, with what will be done to it, which the user has agreed to. */
export interface Prepared {
  cluster: Cluster
  plan: Plan
  /** Apart from the plan, which is shown. */
  mqttUser: Request['mqttUser']
}

/**
 * Looks whether the cluster is fit, shows the plan, and asks. Throws what the first missing thing is, or that the user
 * did not agree; nothing was changed then.
 */
export async function prepare(
  scenarioFor: (dialect: DialectName) => Scenario,
  request: Request,
  { yes }: { yes: boolean },
  output: Output,
): Promise<Prepared> {
  const examination = await examine(request, { untilMissing: true })
  const { found, facts } = examination
  try {
    const refusal = refusalOf(examination)
    if (refusal) throw refusal
    const { opened: cluster, discovery, address, otherClients } = facts
    if (!cluster || !discovery) throw new Error('nothing is missing, and yet there is no cluster')
    const scenario = scenarioFor(cluster.dialect.id)
    const plan = planOf(scenario, { discovery, address, otherClients, found }, await cluster.resource())
    output.note(planText(plan, output.columns))
    output.note('')
    if (!yes) await confirm(output)
    facts.kube?.close()
    return { cluster, plan, mqttUser: request.mqttUser }
  } catch (error) {
    await examination.close()
    throw error
  }
}

/** What makes weir's own testbeds misbehave has no place on a cluster of the user's. Throws WEIR_FAULT_REFUSED. */
export function refuseTestbedWords(
  scenario: Scenario,
  faults: readonly string[],
  settings: readonly string[],
): void {
  const setting = settings.find((one) => one.startsWith('testbed.'))
  const what = faults.length > 0 ? `the fault ${faults[0]}` : setting && `--set ${setting}`
  if (what)
    throw new WeirError(
      'WEIR_FAULT_REFUSED',
      `the scenario ${scenario.name} with ${what} cannot run on a cluster of your own: faults and testbed settings belong to weir's own testbed, leave out --kubeconfig or these`,
    )
}
