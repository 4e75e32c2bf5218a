import { dialects } from '#weir/cluster/dialects/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import { compareVersions } from '#weir/facts/index.ts'
import type { Scenario } from '../types.ts'

/** The version that a scenario upgrades to, if it does. */
export function targetVersion(scenario: Scenario): string | undefined {
  return scenario.steps
    .flatMap((step) => ('action' in step && step.action === 'upgrade' ? [step.version] : []))
    .at(-1)
}

/** The scenario with its upgrade to another version. Throws WEIR_USAGE when it upgrades nothing, or its resource is not for that version. */
export function withVersion(scenario: Scenario, version: string | undefined): Scenario {
  if (version === undefined) return scenario
  if (targetVersion(scenario) === undefined)
    throw new WeirError(
      'WEIR_USAGE',
      `--to ${version}: the scenario ${scenario.name} upgrades nothing, so omit the flag`,
    )
  const { kind, versions } = dialects[scenario.cluster.dialect]
  const { least, below } = versions
  // A tag that is no version is not compared; a kind with an upper bound has a webhook, which refuses it.
  const isOld = (compareVersions(version, least) ?? 0) < 0
  const isNew = below !== undefined && (compareVersions(version, below) ?? 0) >= 0
  if (isOld || isNew)
    throw new WeirError(
      'WEIR_USAGE',
      `--to ${version}: the scenario ${scenario.name} is for ${kind}, EMQX from ${least}${below === undefined ? '' : ` to below ${below}`}: name one of these, or a scenario of the other kind ("weir scenarios list")`,
    )
  const steps = scenario.steps.map((step) =>
    'action' in step && step.action === 'upgrade' ? { ...step, version } : step,
  )
  return { ...scenario, steps }
}

/** The scenario whose upgrade also brings these rates for the run. Throws WEIR_USAGE when it upgrades nothing. */
export function withEvictRate(scenario: Scenario, evictRate: number | undefined): Scenario {
  if (evictRate === undefined) return scenario
  if (targetVersion(scenario) === undefined)
    throw new WeirError(
      'WEIR_USAGE',
      `the scenario ${scenario.name} upgrades nothing: no rate of it can be tried`,
    )
  const steps = scenario.steps.map((step) =>
    'action' in step && step.action === 'upgrade' ? { ...step, evictRate } : step,
  )
  return { ...scenario, steps }
}
