import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '#weir/errors/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'
import { StepFailure } from '../run/endings.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import { isRefusal } from './audited.ts'
import type { Change } from './change-of.ts'
import { changedValues } from './changed-values.ts'
import { inversePatch } from './inverse-patch.ts'
import { revertAtTheLatest } from './revert.ts'
import { takeBackAtTheEnd } from './take-back.ts'

/**
 * Changes the custom resource by a merge patch: the trigger of what is judged. A dry run first detects a change that would be refused or
 * would change nothing. With `expect` "refused" only the dry run is sent. Nothing is written once `signal` has aborted.
 */
export async function change(
  run: Run,
  { action, patch, expect, version, forTheRun }: Change,
  signal: AbortSignal = run.signal,
): Promise<void> {
  const { kube, dialect, namespace, name } = run.cluster
  const id = run.state.actionStarted()
  const emit = (phase: 'start' | 'done' | 'refused' | 'failed', detail: string) =>
    run.emit({ type: 'action', id, action, phase, detail })
  const fail = (phase: 'refused' | 'failed', why: string, cause?: unknown): never => {
    emit(phase, why)
    throw new StepFailure('failed', `${action}: ${why}`, undefined, { cause, refused: phase === 'refused' })
  }
  const refuse = (why: string, cause?: unknown): void => {
    if (expect !== 'refused') fail('refused', why, cause)
    emit('refused', why)
  }
  emit('start', JSON.stringify(withoutSecrets(patch)))

  const before = await run.cluster.resource()
  // The operator would take the wrong set for the old one, and evacuate to it.
  if (action === 'scale' && dialect.readStatus(before).updating)
    return refuse(`${dialect.kind} ${name} is in the middle of an update`)
  let rehearsed: typeof before
  try {
    rehearsed = await kube.patch(dialect.resource, namespace, name, 'merge', patch, { dryRun: true })
  } catch (error) {
    if (!isRefusal(error)) return fail('failed', messageOf(error), error)
    return refuse(error.message, error)
  }
  if (expect === 'refused') return fail('failed', 'the API server accepts this change but should refuse it')
  if (
    expect === 'accepted' &&
    isDeepStrictEqual(rehearsed.spec, before.spec) &&
    isDeepStrictEqual(rehearsed.metadata.labels, before.metadata.labels)
  )
    return fail('refused', `${dialect.kind} ${name} already has these values: nothing to change`)

  if (signal.aborted) return fail('failed', 'the run ended before the change was made', signal.reason)
  const was = snapshot(run)
  const making = async () => {
    const after = await writeOnce(run, patch, before, rehearsed)
    const t = run.emit({ type: 'mark', name: 'trigger' })
    const asked = { generation: after.metadata.generation ?? 0, version: dialect.version(after) }
    run.state.changed({ t, ...was, version, asked, undo: inversePatch(patch, before) })
    revertAtTheLatest(run)
    if (forTheRun !== undefined) takeBackAtTheEnd(run, inversePatch(forTheRun, before))
    const generations = `generation ${before.metadata.generation} to ${after.metadata.generation}`
    emit('done', `${generations}: ${changedValues(patch, before, after)}`)
  }
  // From here on the change is sent: a run that ends waits for its result.
  const made = making()
  run.state.changeSent(made)
  try {
    await made
  } catch (error) {
    return fail(isRefusal(error) ? 'refused' : 'failed', messageOf(error), error)
  }
  await recordParameters(run)
}

type Resource = Awaited<ReturnType<Run['cluster']['resource']>>

/** How often the resource is read after the answer to a change was lost. */
const READS = 3

/**
 * Writes the patch. Without an answer the change may have been made all the same: the resource shows it. Throws the refusal, or why
 * there was no answer.
 */
async function writeOnce(run: Run, patch: unknown, before: Resource, rehearsed: Resource): Promise<Resource> {
  const { kube, dialect, namespace, name } = run.cluster
  try {
    return await kube.patch(dialect.resource, namespace, name, 'merge', patch)
  } catch (error) {
    if (isRefusal(error)) throw error
    const words = messageOf(error)
    for (let read = 0; read < READS; read++) {
      const now = await run.cluster.resource().catch(() => undefined)
      if (!now) continue
      const isMade =
        now.metadata.generation !== before.metadata.generation && isDeepStrictEqual(now.spec, rehearsed.spec)
      if (isMade) return now
      throw new Error(`${words}; the resource is unchanged`, { cause: error })
    }
    throw new Error(`${words}; it is unknown whether the change was made`, { cause: error })
  }
}
