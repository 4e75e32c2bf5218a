import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import { audited } from './audited.ts'

/**
 * Deletes the custom resource of a stopped cluster, and with it everything that belongs to it. Not in the foreground: an EmqxPlugin has a
 * finalizer for which the operator asks EMQX as long as there is a resource, and a stopped EMQX does not answer.
 */
export async function deleteResource(run: Run): Promise<void> {
  const { kube, dialect, namespace, name } = run.cluster
  const { live, state } = run
  await audited(run, 'delete', `${dialect.kind} ${namespace}/${name}`, async () => {
    if (live.pods.length > 0)
      throw new StepFailure(
        'failed',
        `${dialect.kind} ${name} still has ${live.pods.length} pods: stop it first`,
      )
    const { uid } = (await run.cluster.resource()).metadata
    if (!state.trigger) state.changed({ t: run.emit({ type: 'mark', name: 'trigger' }), ...snapshot(run) })
    state.deletionSent(uid)
    await kube.delete(dialect.resource, namespace, name, {
      propagationPolicy: 'Background',
      ...(uid !== undefined && { uid }),
    })
    return 'accepted'
  })
}
