import { asClusterError } from '#weir/cluster/failure.ts'
import { type Cluster, KubeApiError } from '#weir/cluster/index.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { Plan } from '#weir/preflight/index.ts'

/** A user without the permission to patch, and not what is patched. */
const FORBIDDEN_USER = /is forbidden: User /

/**
 * Sends each change of the custom resource as a dry run with strict field validation, so that a misspelt field or a version that a webhook
 * refuses is known before a client connects. Changes nothing. Throws WEIR_SCENARIO_INVALID, or what asClusterError makes of other answers.
 */
export async function rehearseOnCluster(
  { kube, dialect, namespace, name }: Cluster,
  { scenario, changes }: Pick<Plan, 'scenario' | 'changes'>,
): Promise<void> {
  const options = { dryRun: true, strict: true }
  for (const { action, object, says, patch, expect } of changes) {
    // What changes other objects, or the Services that the operator makes of the resource, depends on what is there by then.
    if (object !== undefined || says !== undefined || expect !== 'accepted' || action === 'network') continue
    try {
      await kube.patch(dialect.resource, namespace, name, 'merge', patch, options)
    } catch (error) {
      const isRefused =
        error instanceof KubeApiError &&
        [400, 403, 422].includes(error.status) &&
        !FORBIDDEN_USER.test(error.message)
      if (!isRefused) throw asClusterError(error, kube.server, `try the change of ${dialect.kind} ${name}`)
      throw new WeirError(
        'WEIR_SCENARIO_INVALID',
        `the scenario ${scenario.name}, step ${action}: the API server would refuse the change of ${dialect.kind} ${namespace}/${name}: ${error.message}: correct it`,
        { cause: error },
      )
    }
  }
}
