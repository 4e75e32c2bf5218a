import type { AssertionId } from '#weir/facts/index.ts'
import { stepName } from '../definition/step.ts'
import { loadScenario } from '../load/load.ts'
import type { Scenario } from '../types.ts'

/** What an update by an operation promises, beside what every update does. */
const BESIDES: readonly AssertionId[] = ['state-truth', 'data-kept']

/** The scenario, in which EMQX also gets something to keep before the change, as in the scenario `upgrade`. Without clients nothing is stored. */
export function withStoredData(scenario: Scenario): Scenario {
  const like = loadScenario('upgrade')
  const asked = like.assert.filter(({ id }) => (BESIDES as readonly string[]).includes(id))
  if (scenario.fleet.clients === 0)
    return { ...scenario, assert: [...scenario.assert, ...asked.filter(({ id }) => id !== 'data-kept')] }
  const named = (name: string) => like.steps.filter((step) => stepName(step) === name)
  return {
    ...scenario,
    steps: [
      ...scenario.steps.flatMap((step) =>
        stepName(step) === 'clients-located' ? [step, ...named('store-data')] : [step],
      ),
      ...named('find-data'),
    ],
    assert: [...scenario.assert, ...asked],
  }
}
