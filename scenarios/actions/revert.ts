import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'
import { NEVER } from '../run/within.ts'
import { audited } from './audited.ts'
import { changedValues } from './changed-values.ts'

/** Takes the last change back, by a merge patch with the values from before it. What is judged goes on from that change. */
export const revert = (run: Run, signal: AbortSignal): Promise<void> =>
  audited(run, 'revert', 'the last change', async () => {
    const { kube, dialect, namespace, name } = run.cluster
    const undo = run.state.trigger?.undo
    if (undo === undefined) throw new StepFailure('failed', 'nothing has been changed that can be taken back')
    const before = await run.cluster.resource()
    signal.throwIfAborted()
    const sent = kube.patch(dialect.resource, namespace, name, 'merge', undo)
    run.state.changeSent(sent)
    const after = await sent
    run.state.takenBack(after.metadata.generation ?? 0)
    const generations = `generation ${before.metadata.generation} to ${after.metadata.generation}`
    return `${generations}: ${changedValues(undo, before, after)}`
  })

/** A run that is to take its change back does so also when it ends before it comes to that. */
export function revertAtTheLatest(run: Run): void {
  if (!run.scenario.steps.some((step) => 'action' in step && step.action === 'revert')) return
  run.cleanUp.add(async () => {
    const { trigger } = run.state
    if (trigger?.undo !== undefined && trigger.takenBack === undefined) await revert(run, NEVER)
  })
}
