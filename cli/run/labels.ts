import { usageError } from '#weir/errors/index.ts'
import { LABEL_NAME } from '#weir/scenarios/definition/scenario.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

const LABEL = new RegExp(`^(${LABEL_NAME})=(.+)$`)

/** The scenario with the labels of --label beside its own. Throws WEIR_USAGE. */
export function withLabels(scenario: Scenario, labels: readonly string[]): Scenario {
  if (labels.length === 0) return scenario
  const own = labels.map((text) => {
    const [, name, value] = LABEL.exec(text) ?? []
    if (name === undefined) throw usageError(`--label ${text}: write it as name=value, e.g. operator=2.2.29`)
    return [name, value]
  })
  return { ...scenario, labels: { ...scenario.labels, ...Object.fromEntries(own) } }
}
