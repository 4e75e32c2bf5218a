import { dialects } from '#weir/cluster/dialects/index.ts'
import { usageError } from '#weir/errors/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import type { RunRequest } from '../run/run-and-judge.ts'

/** What a search may change from run to run. */
export const VARIED = ['connEvictRate', 'clients'] as const
export type Varied = (typeof VARIED)[number]

/** The run with this value. On a cluster of one's own the rate comes with the upgrade, and goes when the run ends. Throws WEIR_USAGE. */
export function runWith(run: RunRequest, vary: Varied, scenario: Scenario, value: number): RunRequest {
  if (vary === 'connEvictRate' && run.kubeconfig !== undefined) return { ...run, evictRate: value }
  return { ...run, set: [...run.set, ...settingsOf(vary, scenario, value)] }
}

/** The settings (as --set takes them) that give a run of the scenario this value. Throws WEIR_USAGE. */
export function settingsOf(vary: Varied, scenario: Scenario, value: number): string[] {
  if (vary === 'clients') return [`fleet.clients=${value}`]
  const { strategyPath } = dialects[scenario.cluster.dialect]
  const strategy = `cluster.manifest.${strategyPath}`
  if (scenario.cluster.judgeAs !== undefined || !hasStrategy(scenario, strategyPath))
    throw usageError(
      `the scenario ${scenario.name} configures no connEvictRate: use one that does, or --vary clients`,
    )
  // As weir plan does.
  return [`${strategy}.connEvictRate=${value}`, `${strategy}.sessEvictRate=${value}`]
}

function hasStrategy({ cluster: { manifest } }: Scenario, path: string): boolean {
  const strategy = path
    .split('.')
    .reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], manifest)
  return strategy !== undefined
}
