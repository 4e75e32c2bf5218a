import { getEvacuations as getEvacuations5 } from '../operator/emqx5/api.ts'
import type { OperatorEnvironment } from '../operator/runtime/reconciler.ts'
import { getEvacuations as getEvacuations4 } from '../operator/v1beta4/emqx/api.ts'
import { sleep } from '../runtime/clock.ts'
import { fault } from './fault.ts'

const POLL_MS = 100

type Evacuations = { stats?: { current_connected?: number } }[]

const connectionsOf = ([first]: Evacuations) => first?.stats?.current_connected ?? 0

/** Polls until the first node has at most one tick of connections left; false when it has none. */
async function isNearlyDrained(
  { env }: { env: OperatorEnvironment },
  rate: number,
  evacuations: () => Promise<Evacuations>,
): Promise<boolean> {
  for (;;) {
    const connections = connectionsOf(await evacuations())
    if (connections === 0) return false
    if (connections <= rate) return true
    await sleep(env.clock, POLL_MS)
  }
}

export const deleteUndrained = fault({
  name: 'delete-undrained',
  part: 'operator',
  summary: 'a pod is deleted while its node still has connections',
  caughtBy: ['drained-before-delete'],
  alsoFails: [
    'eviction-envelope',
    'eviction-slope',
    'evacuation-serial',
    'no-storm',
    'offline-peak',
    'conservation',
    'session-kept',
  ],
  // With less than one tick of connections left, so that the rates are kept all the same.
  v1beta4: () => ({
    async removesUndrained(pass, request, origin) {
      if (origin.spec.replicas !== pass.cr.spec.replicas) return false
      const rate = pass.cr.spec.blueGreenUpdate?.evacuationStrategy?.connEvictRate ?? 0
      return isNearlyDrained(pass, rate, () => getEvacuations4(request, pass))
    },
  }),
  // A core goes although its evacuation is under way.
  v3beta1: () => ({ removesUndrained: true }),
  v2beta1: () => ({
    async removesUndrained(pass, requester, old, wanted, evacuations) {
      if (old.spec.replicas !== wanted) return false
      const rate = pass.cr.spec.updateStrategy.evacuationStrategy?.connEvictRate ?? 0
      // With more connections left than the pause until the next pass evicts, that pass decides.
      if (evacuations[0]?.state !== 'evicting_conns' || connectionsOf(evacuations) > 4 * rate) return false
      return isNearlyDrained(pass, rate, () => getEvacuations5(requester))
    },
  }),
})
