import { EmqxApiError, KubeApiError } from '#weir/cluster/index.ts'
import type { Run } from '../run/run.ts'

/** A question that got no answer is an event of its own, never a zero. */
export function tellApiFailure(run: Run, api: string, via: string, error: unknown): void {
  const status = error instanceof EmqxApiError || error instanceof KubeApiError ? error.status : undefined
  run.emit({
    type: 'api-failure',
    api,
    via,
    ...(status === undefined ? {} : { status }),
    error: error instanceof Error ? error.message : String(error),
  })
}
