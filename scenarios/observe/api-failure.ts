import { EmqxApiError, KubeApiError } from '#weir/cluster/index.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { Run } from '../run/run.ts'

/** Records a request without an answer as an event, never as a zero. */
export function recordApiFailure(run: Run, api: string, via: string, error: unknown): void {
  run.state.apiFailed({ t: run.clock.now(), text: `${api} of ${via}: ${messageOf(error)}` })
  const status = error instanceof EmqxApiError || error instanceof KubeApiError ? error.status : undefined
  run.emit({
    type: 'api-failure',
    api,
    via,
    status,
    error: messageOf(error),
  })
}
