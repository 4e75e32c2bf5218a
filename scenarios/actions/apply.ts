import { KubeApiError } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { StepFailure } from '../run/endings.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { audited } from './audited.ts'

/**
 * On weir's own testbed: creates the custom resource, or replaces its spec (a merge would keep what the scenario does not name, e.g. a
 * blueGreenUpdate that rolling must not have). On a user's cluster nothing is written.
 */
export async function apply(run: Run): Promise<void> {
  const { kube, dialect, name, namespace } = run.cluster
  if (run.testbed === undefined) return useExisting(run)
  const manifest = run.scenario.cluster.manifest as unknown as KubeObject
  const wanted = { ...manifest, metadata: { ...manifest.metadata, name, namespace } }
  await audited(run, 'apply', `${dialect.kind} ${namespace}/${name}`, async () => {
    const existing = await run.cluster.resource().catch((error: unknown) => {
      if (error instanceof KubeApiError && error.status === 404) return undefined
      throw error
    })
    if (!existing) {
      await kube.create(dialect.resource, wanted, { strict: true })
      return 'created'
    }
    if (existing.metadata.deletionTimestamp)
      throw new StepFailure('failed', `${dialect.kind} ${name} is being deleted: run again when it is gone`)
    const labels = { ...existing.metadata.labels, ...manifest.metadata.labels }
    const { annotations, resourceVersion, uid } = existing.metadata
    const metadata = {
      ...wanted.metadata,
      labels,
      annotations,
      resourceVersion,
      uid,
    }
    const { metadata: after } = await kube.replace(dialect.resource, { ...wanted, metadata }, undefined, {
      strict: true,
    })
    if (after.generation === existing.metadata.generation) return 'unchanged'
    run.state.resourceConfigured(run.clock.now())
    return `configured, generation ${after.generation}`
  })
  await recordParameters(run)
}

async function useExisting(run: Run): Promise<void> {
  const { dialect, name, namespace } = run.cluster
  await audited(run, 'apply', `${dialect.kind} ${namespace}/${name}`, async () => {
    const { metadata } = await run.cluster.resource()
    return `used unchanged, generation ${metadata.generation ?? 0}: nothing was written`
  })
  await recordParameters(run)
}
