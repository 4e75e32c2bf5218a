import { KubeApiError } from '#weir/cluster/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'

/** True for an answer that says no to the request itself, as admission webhooks, validation and guards do. */
export const isRefusal = (error: unknown): error is KubeApiError =>
  error instanceof KubeApiError && error.status >= 400 && error.status < 500

/**
 * Does one thing to the cluster and leaves an audit record of it, also when it is refused or fails. `act` returns what
 * came of it. A refusal becomes a StepFailure in the server's own words.
 */
export async function audited(
  run: Run,
  action: string,
  what: string,
  act: () => Promise<string>,
): Promise<void> {
  const id = run.state.actionStarted()
  run.emit({ type: 'action', id, action, phase: 'start', detail: what })
  try {
    run.emit({ type: 'action', id, action, phase: 'done', detail: await act() })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    const refused = isRefusal(error)
    run.emit({ type: 'action', id, action, phase: refused ? 'refused' : 'failed', detail: words })
    if (refused)
      throw new StepFailure('failed', `${action} was refused: ${words}`, undefined, { cause: error })
    throw error
  }
}
