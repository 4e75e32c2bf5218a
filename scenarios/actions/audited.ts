import { KubeApiError } from '#weir/cluster/index.ts'
import { messageOf } from '#weir/errors/index.ts'
import { StepFailure } from '../run/endings.ts'
import type { Run } from '../run/run.ts'

/** True if the server refused the request itself, e.g. by an admission webhook or validation. */
export const isRefusal = (error: unknown): error is KubeApiError =>
  error instanceof KubeApiError && error.status >= 400 && error.status < 500

/**
 * Runs one action on the cluster and records it, also when it is refused or fails. `act` returns the result, and the pod that it ended. A refusal becomes a
 * StepFailure with the server's message.
 */
export async function audited(
  run: Run,
  action: string,
  what: string,
  act: () => Promise<string | { detail: string; endedPod: string }>,
): Promise<void> {
  const id = run.state.actionStarted()
  run.emit({ type: 'action', id, action, phase: 'start', detail: what })
  try {
    const result = await act()
    const said = typeof result === 'string' ? { detail: result } : result
    run.emit({ type: 'action', id, action, phase: 'done', ...said })
    if (typeof result !== 'string') {
      const text = `What the end of ${result.endedPod} does to its clients is the run's own doing, and not judged.`
      run.emit({ type: 'note', level: 'info', text })
    }
  } catch (error) {
    const words = messageOf(error)
    const refused = isRefusal(error)
    run.emit({ type: 'action', id, action, phase: refused ? 'refused' : 'failed', detail: words })
    if (refused)
      throw new StepFailure('failed', `${action} was refused: ${words}`, undefined, {
        cause: error,
        refused: true,
      })
    throw error
  }
}
