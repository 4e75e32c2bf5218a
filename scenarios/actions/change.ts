import { isDeepStrictEqual } from 'node:util'
import { StepFailure } from '../run/endings.ts'
import { recordParameters } from '../run/parameters.ts'
import type { Run } from '../run/run.ts'
import { snapshot } from '../run/snapshot.ts'
import { isRefusal, nextActionId } from './audited.ts'

/**
 * Changes the custom resource by a merge patch: the trigger of the update. Tried first as a dry run, so that a change
 * that would be refused, or would change nothing, is known before anything happened. With `expect` "refused" the refusal
 * is the point, and nothing is ever written.
 */
export async function change(
  run: Run,
  {
    action,
    patch,
    expect,
    version,
  }: { action: string; patch: unknown; expect: 'accepted' | 'refused'; version?: string },
): Promise<void> {
  const { kube, dialect, namespace, name } = run.cluster
  const id = nextActionId(run)
  const say = (phase: 'start' | 'done' | 'refused' | 'failed', detail: string) =>
    run.tell({ type: 'action', id, action, phase, detail })
  const fail = (phase: 'refused' | 'failed', why: string, cause?: unknown): never => {
    say(phase, why)
    throw new StepFailure('failed', `${action}: ${why}`, undefined, { cause })
  }
  say('start', JSON.stringify(patch))

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

  const was = snapshot(run)
  try {
    const after = await kube.patch(dialect.resource, namespace, name, 'merge', patch)
    const t = run.tell({ type: 'mark', name: 'trigger' })
    run.trigger = { t, ...was, ...(version === undefined ? {} : { version }) }
    say('done', `generation ${before.metadata.generation} to ${after.metadata.generation}`)
  } catch (error) {
    return fail(
      isRefusal(error) ? 'refused' : 'failed',
      error instanceof Error ? error.message : String(error),
      error,
    )
  }
  await recordParameters(run)
}
