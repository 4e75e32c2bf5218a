import { dialects } from '#weir/cluster/dialects/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { changesOf } from '#weir/scenarios/actions/change-of.ts'
import { mergedPatches } from '#weir/scenarios/actions/merged-patches.ts'
import { stepName } from '#weir/scenarios/definition/step.ts'
import type { Scenario } from '#weir/scenarios/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'
import { emulatedLine } from '#weir/scenarios/run/testbed.ts'

/** What these change depends on what the operator has made of the resource by then. */
const DEPENDS_ON_CLUSTER: ReadonlySet<string> = new Set(['network'])

/**
 * Sends a scenario's resource, and each change that a step makes of it, through the definition and the webhook of the operator that the testbed
 * emulates, before anything starts. Whatever a build of the operator accepts is known once it runs. Throws WEIR_SCENARIO_INVALID.
 */
export async function rehearseOnTestbed(scenario: Scenario): Promise<void> {
  const line = emulatedLine(scenario.testbed)
  if (line === undefined) return
  const { isEmulatedLine, refusalOf } = await import('#weir/testbed/index.ts')
  if (!isEmulatedLine(line)) return
  const dialect = dialects[scenario.cluster.dialect]
  const refuse = (where: string, object: KubeObject, old?: KubeObject) => {
    const refused = refusalOf(object, line, old)
    if (!refused) return
    const { why, unknown } = refused
    const hint = unknown ? didYouMean(unknown.field, unknown.known) : ''
    throw new WeirError(
      'WEIR_SCENARIO_INVALID',
      `the scenario ${scenario.name}, ${where}: ${dialect.kind} would be refused: ${why}${hint || ': correct it'}`,
    )
  }
  let resource = { ...scenario.cluster.manifest } as unknown as KubeObject
  refuse('cluster.manifest', resource)
  for (const step of scenario.steps) {
    if (!('action' in step) || DEPENDS_ON_CLUSTER.has(step.action)) continue
    for (const { object, patch, expect } of changesOf(step, dialect, resource)) {
      if (object !== undefined || expect !== 'accepted') continue
      const changed = mergedPatches(resource, patch) as KubeObject
      refuse(`step ${stepName(step)}`, changed, resource)
      resource = changed
    }
  }
}
