import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { type EvacuationStatus, startBody } from '../../evacuation.ts'
import { nilPointer, wrap, wrapping } from '../../runtime/errors.ts'
import { isFinished } from '../emqx/api.ts'
import { emqxNodeName, podNameOf } from '../names.ts'
import type { Pass, Requester, Step } from '../pass.ts'
import { byNameDescending, inClusterSets, podsOf } from '../sets.ts'

const record = ({ env, cr }: Pass, message: string) => env.recorder.emit(cr, 'Normal', 'Evacuate', message)

/** Whole seconds of the delay that are left; startedAt has whole seconds itself. */
function remainingSeconds({ cr, env, hooks }: Pass, startedAt: string): number {
  if (cr.spec.blueGreenUpdate === undefined) throw nilPointer()
  const delay = hooks.initialDelaySeconds(cr.spec.blueGreenUpdate.initialDelaySeconds ?? 0)
  return delay - Math.trunc((env.clock.now() - Date.parse(startedAt)) / 1000)
}

async function getSet(pass: Pass, name: string | undefined, role: string): Promise<StatefulSet> {
  try {
    return await pass.env.kube.get(resources.statefulSets, pass.cr.metadata.namespace, name ?? '')
  } catch (error) {
    throw wrap(error, `failed to get ${role} statefulset`)
  }
}

/** True when the pod that the set would remove has been evacuated, or, with the escape hatch, when nothing is known. */
function canBeScaledDown(pass: Pass, origin: StatefulSet, pods: Pod[]): boolean {
  const evacuations = pass.cr.status?.blueGreenUpdateStatus?.evacuationsStatus
  if (evacuations === undefined && pass.env.line.escapeHatch) return true
  const greatest = pods[0]
  const done = (evacuations ?? []).some(
    (evacuation) =>
      isFinished(evacuation) &&
      podNameOf(evacuation.node).includes(origin.metadata.name) &&
      podNameOf(evacuation.node) === greatest?.metadata.name,
  )
  if (done && greatest !== undefined)
    record(pass, `Evacuated node ${emqxNodeName(pass.cr, greatest)} successfully`)
  return done
}

async function scaleDown(pass: Pass, origin: StatefulSet): Promise<void> {
  const replicas = origin.spec.replicas - 1
  if (replicas < 0) return
  record(pass, `Scale down StatefulSet ${origin.metadata.name} to ${replicas}`)
  pass.scaledDown = await pass.env.kube.replace<StatefulSet>(resources.statefulSets, {
    ...origin,
    spec: { ...origin.spec, replicas },
  })
}

export async function evacuate(pass: Pass, request: Requester, pod: Pod, migrateTo: Pod[]): Promise<void> {
  const node = emqxNodeName(pass.cr, pod)
  record(pass, `Evacuate node ${node} start`)
  const path = `/api/v4/load_rebalance/${node}/evacuation/start`
  const body = startBody(
    pass.cr.spec.blueGreenUpdate?.evacuationStrategy,
    migrateTo.map((to) => emqxNodeName(pass.cr, to)),
  )
  await wrapping(`Evacuate node ${node} failed`, request(pass, 'POST', path, body))
}

/** The pods whose evacuation starts now: the one with the greatest name, and only when EMQX knows of no evacuation at all. */
function nextToEvacuate({ cr, hooks }: Pass, pods: Pod[], evacuations: EvacuationStatus[]): Pod[] {
  if (!hooks.mayStart(evacuations)) return []
  const started = new Set(evacuations.map(({ node }) => node))
  const left = hooks
    .inOrder(pods.toSorted(byNameDescending))
    .filter((pod) => !started.has(emqxNodeName(cr, pod)))
  return left.slice(0, hooks.nodesAtOnce)
}

/**
 * Moves the old set's clients to the new one, a node at a time: wait for the delay, evacuate the pod with the greatest
 * name, and take it away once it is empty. There is no time limit and no second try anywhere.
 */
export const blueGreenUpdate =
  (request: Requester): Step =>
  async (pass) => {
    await pass.hooks.beforeDrain(pass, request)
    const update = pass.cr.status?.blueGreenUpdateStatus
    if (update?.startedAt === undefined) return undefined
    const delay = remainingSeconds(pass, update.startedAt)
    if (delay > 0) {
      record(pass, `Delay ${delay} seconds`)
      return { requeueAfterMs: delay * 1000 }
    }
    try {
      const { sets, pods } = await inClusterSets(pass)
      const current = await getSet(pass, update.currentStatefulSet, 'current')
      const origin = await getSet(pass, update.originStatefulSet, 'origin')
      const ofSet = (set: StatefulSet) =>
        sets.some((one) => one.metadata.uid === set.metadata.uid) ? podsOf(pods, set) : []
      const old = ofSet(origin)
      const evacuations = update.evacuationsStatus ?? []
      if (canBeScaledDown(pass, origin, old)) await scaleDown(pass, origin)
      else if (evacuations.length > 0 && (await pass.hooks.removesUndrained(pass, request, origin)))
        await scaleDown(pass, origin)
      for (const pod of nextToEvacuate(pass, old, evacuations))
        await evacuate(pass, request, pod, pass.hooks.recipients(pod, old, ofSet(current)))
    } catch (error) {
      throw wrap(error, 'failed to sync statefulset')
    }
    return undefined
  }
