import { isDeepStrictEqual } from 'node:util'
import { withoutSecrets } from '#weir/record/index.ts'
import { StepFailure } from '../run/endings.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import { isRefusal } from './audited.ts'

export interface Change {
  action: string
  /** A merge patch of the custom resource. */
  patch: unknown
  expect: 'accepted' | 'refused'
  /** The EMQX version that it leads to. */
  version?: string
}

/**
 * Changes the custom resource by a merge patch: the trigger of the update. Tried first as a dry run, so that a change
 * that would be refused, or would change nothing, is known before anything happened. With `expect` "refused" the refusal
 * is the point, and nothing is ever written. Nor is anything once `signal` has aborted: who ends a run while it is being
 * rehearsed has not agreed to the change any more.
 */
export async function change(
  run: Run,
  { action, patch, expect, version }: Change,
  signal: AbortSignal = run.signal,
): Promise<void> {
  const { kube, dialect, namespace, name } = run.cluster
  const id = run.state.actionStarted()
  const say = (phase: 'start' | 'done' | 'refused' | 'failed', detail: string) =>
    run.emit({ type: 'action', id, action, phase, detail })
  const fail = (phase: 'refused' | 'failed', why: string, cause?: unknown): never => {
    say(phase, why)
    throw new StepFailure('failed', `${action}: ${why}`, undefined, { cause })
  }
  say('start', JSON.stringify(withoutSecrets(patch)))

  const before = await run.cluster.resource()
  let rehearsed: typeof before
  try {
    rehearsed = await kube.patch(dialect.resource, namespace, name, 'merge', patch, { dryRun: true })
  } catch (error) {
    if (!isRefusal(error))
      return fail('failed', error instanceof Error ? error.message : String(error), error)
    if (expect === 'refused') return void say('refused', error.message)
    return fail('refused', error.message, error)
  }
  if (expect === 'refused')
    return fail('failed', 'the API server would accept this change, and should refuse it')
  if (
    isDeepStrictEqual(rehearsed.spec, before.spec) &&
    isDeepStrictEqual(rehearsed.metadata.labels, before.metadata.labels)
  )
    return fail('refused', `this changes nothing: ${dialect.kind} ${name} is already so`)

  if (signal.aborted) return fail('failed', 'the run ended before the change was made', signal.reason)
  const was = snapshot(run)
  const making = async () => {
    const after = await writeOnce(run, patch, before, rehearsed)
    const t = run.emit({ type: 'mark', name: 'trigger' })
    run.state.changed({ t, ...was, version })
    say('done', `generation ${before.metadata.generation} to ${after.metadata.generation}`)
  }
  // From here on the change is on its way: a run that ends waits for it, to tell what became of it.
  const made = making()
  run.state.changeSent(made)
  try {
    await made
  } catch (error) {
    return fail(
      isRefusal(error) ? 'refused' : 'failed',
      error instanceof Error ? error.message : String(error),
      error,
    )
  }
  await recordParameters(run)
}

type Resource = Awaited<ReturnType<Run['cluster']['resource']>>

/** How often the resource is looked at for a change whose answer was lost. */
const LOOKS = 3

/**
 * Writes the patch. When no answer came it may have been made all the same: then the resource itself tells. Throws the
 * refusal, or what kept the answer away.
 */
async function writeOnce(run: Run, patch: unknown, before: Resource, rehearsed: Resource): Promise<Resource> {
  const { kube, dialect, namespace, name } = run.cluster
  try {
    return await kube.patch(dialect.resource, namespace, name, 'merge', patch)
  } catch (error) {
    if (isRefusal(error)) throw error
    const words = error instanceof Error ? error.message : String(error)
    for (let look = 0; look < LOOKS; look++) {
      const now = await run.cluster.resource().catch(() => undefined)
      if (!now) continue
      const isMade =
        now.metadata.generation !== before.metadata.generation && isDeepStrictEqual(now.spec, rehearsed.spec)
      if (isMade) return now
      throw new Error(`${words}; the resource is as it was`, { cause: error })
    }
    throw new Error(`${words}; whether the change was made is not known`, { cause: error })
  }
}
