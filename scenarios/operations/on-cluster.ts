import { assertionsOn, isAssertionId, WITHOUT_CLIENTS } from '#weir/facts/index.ts'
import { stepName } from '../definition/step.ts'
import { loadScenario } from '../load/load.ts'
import type { Scenario, Step } from '../types.ts'

export interface OnCluster {
  dialect: Scenario['cluster']['dialect']
  /** 0: weir connects none, and what the cluster itself shows is judged. */
  clients: number
}

/**
 * The scenario of an operation on a cluster that is there, like one that comes with weir: its steps with the inputs of this operation.
 *
 * @param like name of that scenario; the one for EMQX 5 and later has `-v5` at the end
 */
export function onCluster(
  like: string,
  { dialect, clients }: OnCluster,
  { name, description, step }: { name: string; description: string; step(step: Step): Step },
): Scenario {
  const scenario = loadScenario(dialect === 'v1beta4' ? like : `${like}-v5`)
  const whole: Scenario = {
    ...scenario,
    name: `ops-${name}`,
    description,
    cluster: { dialect, manifest: {} },
    fleet: { ...scenario.fleet, clients },
    steps: scenario.steps.map(step),
    knownDeviations: [],
    mayDeviate: [],
  }
  return clients > 0 ? whole : withoutFleet(whole)
}

/** What the record of an operation that was refused says it was: nothing is done, and nothing is judged. */
export function refusedOn(cluster: OnCluster, name: string): Scenario {
  const description = 'Refused by a guard: nothing was written.'
  const scenario = onCluster('blue-green', cluster, { name, description, step: (step) => step })
  return { ...scenario, steps: [], assert: [] }
}

const OF_FLEET = new Set<string>([
  'start-fleet',
  'fleet-connected',
  'clients-located',
  'store-data',
  'find-data',
  'connect-more',
])

/** The scenario without clients: what needs them is neither done nor judged. */
function withoutFleet(scenario: Scenario): Scenario {
  const judged = assertionsOn(
    WITHOUT_CLIENTS,
    scenario.assert.flatMap(({ id }) => (isAssertionId(id) ? [id] : [])),
  )
  return {
    ...scenario,
    steps: scenario.steps.filter((step) => !OF_FLEET.has(stepName(step))),
    assert: scenario.assert.filter(({ id }) => (judged as readonly string[]).includes(id)),
  }
}
