import { type AssertRequest, UPDATE_ASSERTION_IDS } from '#weir/facts/index.ts'
import { ScenarioSchema } from '../definition/scenario.ts'
import { withStepDefaults } from '../definition/step.ts'
import type { Scenario } from '../types.ts'

type Assert = (string | AssertRequest)[] | { except: readonly string[]; also?: (string | AssertRequest)[] }

/** Expands the short forms of a valid scenario file. */
export function withDefaults(file: Record<string, unknown>): Scenario {
  const scenario = file as unknown as Omit<Scenario, 'assert'> & { assert: Assert }
  const whole = {
    ...scenario,
    steps: scenario.steps.map(withStepDefaults),
    assert: requested(scenario.assert),
  }
  return inOrder(whole)
}

/** Sorts the keys into the order of the definition. */
function inOrder(scenario: Scenario): Scenario {
  const keys = Object.keys(ScenarioSchema.properties) as (keyof Scenario)[]
  return Object.fromEntries(
    keys.flatMap((key) => (key in scenario ? [[key, scenario[key]]] : [])),
  ) as Scenario
}

function requested(assert: Assert): AssertRequest[] {
  const whole = (one: string | AssertRequest) => (typeof one === 'string' ? { id: one } : one)
  if (Array.isArray(assert)) return assert.map(whole)
  const { except, also = [] } = assert
  return [...UPDATE_ASSERTION_IDS.filter((id) => !except.includes(id)), ...also].map(whole)
}
