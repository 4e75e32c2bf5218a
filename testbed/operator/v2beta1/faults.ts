import type { Pod, StatefulSet } from '../kinds.ts'
import { sleep } from '../runtime/clock.ts'
import { set } from './conditions.ts'
import { getEvacuations } from './emqx/api.ts'
import type { Requester } from './emqx/requester.ts'
import { hasReplicants, ON_SERVING, type Role } from './names.ts'
import type { Pass } from './pass.ts'
import { conditionOf, ownerOf, podsOf, type Sets } from './sets.ts'
import type { EmqxNode, EmqxStatus, EvacuationStatus } from './types.ts'

/** `switch-late`: nobody shuts the old pods out. */
export const keepsServing = ({ env }: Pass): boolean => env.faults.on('switch-late')

/** `wrong-order`: from the other end, the lowest ordinal or name first. */
export function inOrder(pass: Pass, descending: Pod[]): Pod[] {
  return pass.env.faults.on('wrong-order') ? descending.toReversed() : descending
}

/** `parallel-evacuation`: the next one is taken along. */
export function alongWith(pass: Pass, ordered: Pod[]): Pod[] {
  return ordered.slice(0, pass.env.faults.on('parallel-evacuation') ? 2 : 1)
}

/**
 * Whether an evacuation that is under way holds the next step up. Honestly the first of the list is looked at, for there
 * is no other; the faults that start more than one look at all.
 */
export function isUnderWay({ env }: Pass, evacuations: EvacuationStatus[]): boolean {
  const several = env.faults.on('wrong-order') || env.faults.on('parallel-evacuation')
  return evacuations.slice(0, several ? undefined : 1).some(({ state }) => state !== 'prohibiting')
}

/** `wrong-recipients`: sessions are to go to old nodes, as long as there is another. */
export function recipients(pass: Pass, evacuated: string, old: string[], honest: string[]): string[] {
  const others = old.filter((node) => node !== evacuated)
  return pass.env.faults.on('wrong-recipients') && others.length > 0 ? others : honest
}

/** `no-initial-delay`: the first evacuation waits for nothing but the switch. */
export async function skipsDelay(pass: Pass, current: StatefulSet): Promise<boolean> {
  if (!pass.env.faults.on('no-initial-delay')) return false
  const pods = (await podsOf(pass)).filter((pod) => ownerOf(pod) === current.metadata.uid)
  return pods.every((pod) => conditionOf(pod, ON_SERVING)?.status !== 'True')
}

/** The pause of an operator that cannot wait, until there is an evacuation. */
const IMPATIENT_MS = 20

export function impatience({ env, cr }: Pass): number | undefined {
  const {
    coreNodesStatus: cores,
    replicantNodesStatus: replicants,
    nodeEvacuationsStatus = [],
  } = cr.status ?? {}
  const moves =
    cores?.updateRevision !== cores?.currentRevision ||
    replicants?.updateRevision !== replicants?.currentRevision
  const isAvailable = cr.status?.conditions?.[0]?.type === 'Available'
  const waits =
    env.faults.on('no-initial-delay') && isAvailable && moves && nodeEvacuationsStatus.length === 0
  return waits ? IMPATIENT_MS : undefined
}

const LOOK_MS = 100

/**
 * `delete-undrained`: true when the first old node has only a few connections left, less than one tick of them. So the pod
 * is deleted undrained, and the envelope is kept all the same.
 */
export async function isNearlyDrained(
  pass: Pass,
  ask: Requester,
  old: StatefulSet,
  wanted: number,
  evacuations: EvacuationStatus[],
): Promise<boolean> {
  if (!pass.env.faults.on('delete-undrained') || old.spec.replicas !== wanted) return false
  const rate = pass.cr.spec.updateStrategy.evacuationStrategy?.connEvictRate ?? 0
  const connected = ([first]: EvacuationStatus[]) => first?.stats?.current_connected ?? 0
  // Further away than the next pass is: that one looks again.
  if (evacuations[0]?.state !== 'evicting_conns' || connected(evacuations) > 4 * rate) return false
  for (;;) {
    const now = connected(await getEvacuations(ask))
    if (now === 0) return false
    if (now <= rate) return true
    await sleep(pass.env.clock, LOOK_MS)
  }
}

/** `half-upgrade`: the last old node that has clients is left alone. */
export function isLeftAlone(pass: Pass, role: Role, old: StatefulSet | undefined): boolean {
  const serves = role === (hasReplicants(pass.cr) ? 'replicant' : 'core')
  return pass.env.faults.on('half-upgrade') && serves && old?.spec.replicas === 1
}

/** `half-upgrade`: and the resource does not know it any more. */
export function counted(pass: Pass, nodes: EmqxNode[], { update, current }: Sets): EmqxNode[] {
  const isOver = update !== undefined && update.metadata.uid === current?.metadata.uid
  if (!pass.env.faults.on('half-upgrade') || !isOver) return nodes
  return nodes.filter(({ controllerUID }) => controllerUID === update.metadata.uid)
}

/**
 * `status-early`: what the resource says from the first evacuation on, until it is true: that it is settled, with the new
 * nodes only. The truth is kept for the next pass.
 */
export function shownStatus({ env, cr, memory }: Pass, truth: EmqxStatus): EmqxStatus {
  const uid = cr.metadata.uid ?? ''
  if (!env.faults.on('status-early')) return truth
  const isSettled = truth.conditions?.[0]?.type === 'Ready'
  const isMoving = (truth.nodeEvacuationsStatus ?? []).length > 0
  if (isSettled || !(isMoving || memory.unsaid.has(uid))) {
    memory.unsaid.delete(uid)
    return truth
  }
  memory.unsaid.set(uid, truth)
  const { nodeEvacuationsStatus: _, ...shown } = structuredClone(truth)
  for (const role of ['core', 'replicant'] as const) {
    const told = role === 'core' ? shown.coreNodesStatus : shown.replicantNodesStatus
    const nodes = role === 'core' ? shown.coreNodes : shown.replicantNodes
    if (!told?.updateRevision || !nodes) continue
    const fresh = nodes.filter(({ controllerUID }) => memory.newest.get(uid)?.has(controllerUID ?? ''))
    if (role === 'core') shown.coreNodes = fresh
    else shown.replicantNodes = fresh
    told.currentRevision = told.updateRevision
    told.readyReplicas = told.replicas ?? 0
    told.currentReplicas = told.updateReplicas ?? 0
  }
  set(shown, { type: 'Ready', reason: 'Ready', message: 'Cluster is ready' }, env.clock.now())
  return shown
}
