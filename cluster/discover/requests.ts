import type { Cluster, PodTarget } from '../types.ts'
import { failed } from './types.ts'

/** A request that a run makes of EMQX's API all along, and why it has no answer. */
export interface FailedRequest {
  what: 'evacuations' | 'clients'
  why: string
  todo?: string | undefined
}

/** No client has such an id: of the list only its form is wanted. */
const NOBODY = 'weir-doctor-lists-nobody'

/** Makes each of those requests once. What else a run requests has been requested by `discover`. */
export async function tryRequests(
  { emqx }: Pick<Cluster, 'emqx'>,
  pod: PodTarget,
  { evacuations }: { evacuations: boolean },
): Promise<FailedRequest[]> {
  const api = emqx(pod)
  const requests: { what: FailedRequest['what']; ask(): Promise<unknown> }[] = [
    { what: 'clients', ask: async () => pod.node && api.clients(pod.node, NOBODY) },
  ]
  if (evacuations) requests.push({ what: 'evacuations', ask: () => api.evacuations() })
  const answers = await Promise.all(
    requests.map(({ what, ask }) =>
      ask().then(
        () => [],
        (error: unknown) => [{ what, ...failed(error) }],
      ),
    ),
  )
  return answers.flat()
}
