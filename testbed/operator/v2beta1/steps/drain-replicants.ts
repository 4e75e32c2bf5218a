import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { wrapping } from '../../runtime/errors.ts'
import { DELETION_COST, nodeHost } from '../names.ts'
import type { Pass, Requester } from '../pass.ts'
import { ownerOf, podsOf } from '../sets.ts'
import { isTakeoverOver } from './drain-pauses.ts'
import { evacuate, holdsSessions, isUnderWay, type Leaving, nodeOf } from './evacuate.ts'

const CHEAPEST = '-99999'

/** Gives the pod the lowest deletion cost and scales the set down by one. */
async function remove({ env }: Pass, set: StatefulSet, pod: Pod): Promise<void> {
  const annotations = { ...pod.metadata.annotations, [DELETION_COST]: CHEAPEST }
  await wrapping(
    'failed update pod deletion cost',
    env.kube.replace(resources.pods, { ...pod, metadata: { ...pod.metadata, annotations } }),
  )
  const replicas = set.spec.replicas - 1
  await wrapping(
    'failed to scale down old replicaSet',
    env.kube.replace(resources.replicaSets, { ...set, spec: { ...set.spec, replicas } }),
  )
}

const isGoing = ({ metadata }: Pod) =>
  metadata.deletionTimestamp !== undefined || metadata.annotations?.[DELETION_COST] !== undefined

/**
 * One step of the way of the old replicants: the one with the greatest name is evacuated while it holds sessions, and the
 * one whose evacuation has ended is removed. A pod that is being removed blocks the next step.
 */
export async function drainReplicants(pass: Pass, requester: Requester, set: StatefulSet, targets: string[]) {
  if (!(await pass.hooks.isDelayOver(pass, set)) || pass.hooks.isLeftAlone(pass, 'replicant', set)) return
  const own = (await podsOf(pass)).filter((pod) => ownerOf(pod) === set.metadata.uid)
  const pods = pass.hooks.inOrder(own.sort((a, b) => (a.metadata.name < b.metadata.name ? 1 : -1)))
  const evacuations = pass.cr.status?.nodeEvacuationsStatus ?? []
  const byNode = (name: string) => pods.find((pod) => pod.status?.podIP === nodeHost(name))
  const [first] = evacuations
  if (first !== undefined && isUnderWay(pass, evacuations)) {
    const wanted = pass.cr.spec.replicantTemplate?.spec.replicas ?? 0
    const pod = byNode(first.node)
    if (pod !== undefined && (await pass.hooks.removesUndrained(pass, requester, set, wanted, evacuations)))
      await remove(pass, set, pod)
    return
  }
  if (first === undefined && pods.some(isGoing)) return
  const pod = first === undefined ? pods[0] : byNode(first.node)
  if (pod === undefined || isGoing(pod)) return
  const leaving: Leaving = { role: 'replicant', set, pods, targets }
  const known = pass.cr.status?.replicantNodes?.find(({ node }) => node === first?.node)
  const node = first === undefined ? await nodeOf(pass, requester, leaving, pod) : known
  if (node === undefined) return
  const isStopped = first === undefined && node.node_status === 'stopped'
  if (!isStopped && holdsSessions(node)) {
    const from = pods.indexOf(pod)
    return evacuate(pass, requester, { ...leaving, pods: pods.slice(from) }, node)
  }
  if (isStopped || (await isTakeoverOver(pass, set))) await remove(pass, set, pod)
}
