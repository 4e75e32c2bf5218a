import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import type { Member } from './membership.ts'

/** Where faults change what is published of a Service. */
export interface EndpointsHooks {
  /** The pods to publish now, and when to call again. */
  published(
    key: string,
    service: Service,
    members: Member[],
    nowMs: number,
  ): { members: Member[]; againInMs?: number }
}

export const HONEST: EndpointsHooks = {
  published: (_key, _service, members) => ({ members }),
}
