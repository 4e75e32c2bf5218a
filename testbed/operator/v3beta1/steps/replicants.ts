import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { DELETION_COST } from '../../emqx5/names.ts'
import { type Admission, admissionOf, SCALING_DOWN, startOfReplicant, stopOf } from '../evacuation.ts'
import type { Pass, Step } from '../pass.ts'
import { evacuates, mostBeyond, mostUnavailable, replicantReplicas } from '../settings.ts'
import { isReady, nodeOf, podsOf, replicantSet } from '../state.ts'

const CHEAPEST = '-99999'

const isLeaving = ({ metadata }: Pod) => metadata.annotations?.[SCALING_DOWN] !== undefined
const isChosen = ({ metadata }: Pod) =>
  metadata.deletionTimestamp !== undefined || metadata.annotations?.[DELETION_COST] !== undefined

/** Without room for a new one first, and with all allowed to go at once, there is nowhere to evacuate to. */
function hasNowhere(pass: Pass, isUpdate: boolean): boolean {
  const desired = replicantReplicas(pass.cr)
  const updated = replicantSet(pass, 'update')?.spec.replicas ?? 0
  return isUpdate && mostBeyond(pass.cr) === 0 && updated === 0 && mostUnavailable(pass.cr) >= desired
}

function mayGo(pass: Pass, pod: Pod, isUpdate: boolean): Admission {
  if (pod.metadata.deletionTimestamp !== undefined) return 'wait'
  if (pod.metadata.annotations?.[DELETION_COST] !== undefined) return 'remove'
  return admissionOf(pass, nodeOf(pass, pod), evacuates(pass.cr), hasNowhere(pass, isUpdate))
}

/** The pods that may go now, as many as the budget has room for: those that were chosen before stay chosen. */
function admitted(pass: Pass, candidates: Pod[], budget: number, isUpdate: boolean): [Pod, Admission][] {
  let used = 0
  return candidates.flatMap((pod): [Pod, Admission][] => {
    const admission = mayGo(pass, pod, isUpdate)
    if (!isLeaving(pod) && admission === 'remove' && !isReady(pod)) return [[pod, admission]]
    used += 1
    return isLeaving(pod) || used <= budget ? [[pod, admission]] : []
  })
}

/** First all are marked, as marked ones take no sessions, then evacuations begin. */
async function act(pass: Pass, chosen: [Pod, Admission][]): Promise<void> {
  for (const [pod, admission] of chosen) {
    const { annotations } = pod.metadata
    const wanted = {
      ...annotations,
      [SCALING_DOWN]: 'true',
      ...(admission === 'remove' && { [DELETION_COST]: CHEAPEST }),
    }
    if (Object.keys(wanted).length === Object.keys(annotations ?? {}).length) continue
    pod.metadata.annotations = wanted
    await pass.env.kube.replace(resources.pods, pod)
  }
  for (const [pod, admission] of chosen) if (admission === 'evacuate') await startOfReplicant(pass, pod)
}

async function scaleTo({ env }: Pass, set: StatefulSet, replicas: number): Promise<void> {
  if (set.spec.replicas === replicas) return
  await env.kube.replace(resources.replicaSets, { ...set, spec: { ...set.spec, replicas } })
}

const byName = (a: Pod, b: Pod) => a.metadata.name.localeCompare(b.metadata.name)

/** The new set grows as far as old pods have gone or maxSurge allows; old pods go as far as maxUnavailable allows. */
async function migrate(pass: Pass, update: StatefulSet): Promise<void> {
  const { cr, state } = pass
  const desired = replicantReplicas(cr)
  const old = state.replicants.filter((set) => set !== update)
  const oldReplicas = old.reduce((sum, set) => sum + set.spec.replicas, 0)
  const allowed = Math.min(desired + mostBeyond(cr) - oldReplicas, desired)
  if (allowed > update.spec.replicas) await scaleTo(pass, update, allowed)
  const outdated = old.flatMap((set) => podsOf(pass, set)).sort(byName)
  const available = [...outdated, ...podsOf(pass, update)].filter(isReady).length
  const budget = Math.max(0, mostUnavailable(cr) + available - desired)
  await act(pass, admitted(pass, outdated, budget, true))
  for (const set of old) {
    const staying = podsOf(pass, set).filter((pod) => !isChosen(pod)).length
    if (staying < set.spec.replicas) await scaleTo(pass, set, staying)
  }
}

async function scaleDown(pass: Pass, set: StatefulSet): Promise<void> {
  const desired = replicantReplicas(pass.cr)
  const pods = podsOf(pass, set).sort(byName)
  const missing = Math.max(0, desired - pods.filter(isReady).length)
  const most = Math.max(1, mostUnavailable(pass.cr)) - missing
  const budget = Math.max(0, Math.min(most, set.spec.replicas - desired))
  await act(pass, admitted(pass, pods, budget, false))
  const staying = pods.filter((pod) => !isChosen(pod)).length
  await scaleTo(pass, set, Math.min(set.spec.replicas, Math.max(staying, desired)))
}

/** A scale-in that was taken back leaves marks and evacuations behind. */
async function tidy(pass: Pass, set: StatefulSet): Promise<void> {
  for (const pod of podsOf(pass, set).filter((one) => isLeaving(one) && isReady(one))) {
    const node = nodeOf(pass, pod)
    const isEvacuated = pass.status.nodeEvacuations?.some(({ nodeName }) => nodeName === node?.name)
    if (node !== undefined && isEvacuated) await stopOf(pass, pod, node.name)
    const { [SCALING_DOWN]: _, [DELETION_COST]: __, ...annotations } = pod.metadata.annotations ?? {}
    await pass.env.kube.replace(resources.pods, { ...pod, metadata: { ...pod.metadata, annotations } })
  }
}

/** Replicants change like a Deployment's, but each is evacuated first, several at once where maxUnavailable says so. */
export const syncReplicants: Step = async (pass) => {
  const [update, current] = [replicantSet(pass, 'update'), replicantSet(pass, 'current')]
  if (update === undefined || current === undefined) return undefined
  const desired = replicantReplicas(pass.cr)
  if (update !== current) await migrate(pass, update)
  else if (update.spec.replicas < desired) await scaleTo(pass, update, desired)
  else if (update.spec.replicas > desired) await scaleDown(pass, update)
  else if (update.status?.replicas === desired) await tidy(pass, update)
  return undefined
}
