import { sleep } from '../runtime/clock.ts'
import { addCondition } from './conditions.ts'
import { getEvacuations } from './emqx/api.ts'
import type { Requester } from './emqx/requester.ts'
import { emqxNodeName } from './names.ts'
import type { Pass } from './pass.ts'
import { byNameDescending } from './sets.ts'
import type { EmqxEnterpriseStatus, EvacuationStatus, Pod, StatefulSet } from './types.ts'

export const isFinished = ({ state, stats }: EvacuationStatus) =>
  state === 'prohibiting' && stats?.current_connected === 0 && stats.current_sessions === 0

/**
 * The pods whose evacuation starts now. Honestly: the one with the greatest name, and only when EMQX knows of no
 * evacuation at all. `parallel-evacuation` takes the next one along; `wrong-order` begins at the other end and goes on
 * when all that were started have finished.
 */
export function nextToEvacuate(pass: Pass, pods: Pod[], evacuations: EvacuationStatus[]): Pod[] {
  const { faults } = pass.env
  const descending = pods.toSorted(byNameDescending)
  if (faults.on('wrong-order')) {
    const started = new Set(evacuations.map(({ node }) => node))
    const left = descending.reverse().filter((pod) => !started.has(emqxNodeName(pass.cr, pod)))
    return evacuations.every(isFinished) ? left.slice(0, 1) : []
  }
  if (evacuations.length > 0) return []
  return descending.slice(0, faults.on('parallel-evacuation') ? 2 : 1)
}

/** Where sessions go: to the new pods. `wrong-recipients` sends them to the old ones, as long as there is another. */
export function recipients(pass: Pass, evacuated: Pod, origin: Pod[], current: Pod[]): Pod[] {
  const others = origin.filter((pod) => pod.metadata.name !== evacuated.metadata.name)
  return pass.env.faults.on('wrong-recipients') && others.length > 0 ? others : current
}

const LOOK_MS = 100

/**
 * `delete-undrained`: true when the first old node has only a few connections left, less than one tick of them. So the
 * pod is deleted undrained, and the envelope is kept all the same.
 */
export async function isNearlyDrained(pass: Pass, request: Requester, origin: StatefulSet): Promise<boolean> {
  if (!pass.env.faults.on('delete-undrained') || origin.spec.replicas !== pass.cr.spec.replicas) return false
  const rate = pass.cr.spec.blueGreenUpdate?.evacuationStrategy?.connEvictRate ?? 0
  for (;;) {
    const [evacuation] = await getEvacuations(request, pass)
    const connected = evacuation?.stats?.current_connected ?? 0
    if (connected === 0) return false
    if (connected <= rate) return true
    await sleep(pass.env.clock, LOOK_MS)
  }
}

/** `half-upgrade`: the last old node is left alone, and out of the account. */
export function countedSets(pass: Pass, sets: StatefulSet[]): StatefulSet[] {
  const origin = sets.at(-1)
  const half = pass.env.faults.on('half-upgrade') && sets.length > 1 && origin?.spec.replicas === 1
  return half ? sets.slice(0, -1) : sets
}

/**
 * `status-early`: what the resource says from the first evacuation on, until it is true: that it is settled. The truth
 * is kept for the next pass.
 */
export function shownStatus(pass: Pass, truth: EmqxEnterpriseStatus): EmqxEnterpriseStatus {
  const { env, cr, unsaid } = pass
  const uid = cr.metadata.uid ?? ''
  if (!env.faults.on('status-early')) return truth
  const [newest] = truth.conditions ?? []
  const settled = newest?.type === 'Running' && newest.status === 'True'
  const moving = (truth.blueGreenUpdateStatus?.evacuationsStatus ?? []).length > 0
  if (settled || !(moving || unsaid.has(uid))) {
    unsaid.delete(uid)
    return truth
  }
  unsaid.set(uid, truth)
  const { blueGreenUpdateStatus: _, ...rest } = truth
  return {
    ...rest,
    readyReplicas: truth.replicas ?? 0,
    conditions: addCondition(
      truth.conditions ?? [],
      { type: 'Running', status: 'True', reason: 'ClusterReady', message: 'All resources are ready' },
      env.clock.now(),
    ),
  }
}
