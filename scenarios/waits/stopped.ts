import { some, type Wait } from './wait.ts'

/**
 * No pod is left. Neither the resource nor the Service tells: released operators of v1beta4 leave both as they were, since they end their
 * reconciliation where no set has replicas (docs/contract/operations.md#stop-and-start).
 */
export const stopped: Wait = {
  everyMs: 200,
  poll({ live: { pods }, state }) {
    if (!state.trigger) return 'nothing has been changed'
    return pods.length > 0 ? `pods are still there: ${some(pods.map(({ name }) => name))}` : undefined
  },
}
