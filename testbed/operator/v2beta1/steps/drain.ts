import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { Requester } from '../../emqx5/api.ts'
import { DELETION_COST, hasReplicants, nodeHost } from '../../emqx5/names.ts'
import { wrapping } from '../../runtime/errors.ts'
import { find } from '../condition-machine.ts'
import type { Pass, Step } from '../pass.ts'
import { isSame, ownerOf, podsOf, setsOf } from '../sets.ts'
import { isTakeoverOver } from './drain-pauses.ts'
import { evacuate, holdsSessions, isUnderWay, type Leaving, nodeOf } from './evacuate.ts'

/** Where sessions go: to the new set's nodes of the role that has clients. */
async function newNodes(pass: Pass): Promise<string[]> {
  const { status } = pass.cr
  const role = hasReplicants(pass.cr) ? 'replicant' : 'core'
  const { update } = await setsOf(pass, role)
  const nodes = (role === 'core' ? status?.coreNodes : status?.replicantNodes) ?? []
  return nodes.filter(({ controllerUID }) => controllerUID === update?.metadata.uid).map(({ node }) => node)
}

/**
 * Moves the clients of the sets that are being left to the new ones, a node at a time: replicants first, then cores
 * (docs/contract/operator.md#v2beta1-drain). Only once the resource is Available. There is no time limit anywhere.
 */
export const drain: Step = async (pass) => {
  if (pass.requester === undefined) return undefined
  await pass.hooks.beforeDrain(pass, pass.requester)
  if (find(pass.cr.status, 'Available') === undefined) return undefined
  const targets = await newNodes(pass)
  const replicants = await setsOf(pass, 'replicant')
  if (replicants.update && replicants.current && !isSame(replicants.update, replicants.current)) {
    await drainReplicants(pass, pass.requester, replicants.current, targets)
    return undefined
  }
  const cores = await setsOf(pass, 'core')
  if (cores.update && cores.current && !isSame(cores.update, cores.current))
    await drainCores(pass, pass.requester, cores.current, targets)
  return undefined
}

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
async function drainReplicants(pass: Pass, requester: Requester, set: StatefulSet, targets: string[]) {
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

const ordinalOf = ({ metadata }: Pod) => Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1))

/** What the set still wants, highest ordinal first. */
async function remaining(pass: Pass, set: StatefulSet): Promise<Pod[]> {
  const pods = (await podsOf(pass)).filter((pod) => ownerOf(pod) === set.metadata.uid)
  return pods.filter((pod) => ordinalOf(pod) < set.spec.replicas).sort((a, b) => ordinalOf(b) - ordinalOf(a))
}

async function scaleDown(pass: Pass, set: StatefulSet): Promise<void> {
  const replicas = set.spec.replicas - 1
  await wrapping(
    'failed to scale down old statefulSet',
    pass.env.kube.replace<StatefulSet>(resources.statefulSets, { ...set, spec: { ...set.spec, replicas } }),
  )
}

/**
 * One step of the way of the old cores: the highest ordinal is evacuated while it holds sessions, and removed when it holds
 * none. A node that EMQX does not know, or knows as stopped, is removed at once; one that never had a session is removed
 * without an evacuation, waitTakeover after the one before it.
 */
async function drainCores(pass: Pass, requester: Requester, set: StatefulSet, targets: string[]) {
  if (!(await pass.hooks.isDelayOver(pass, set)) || pass.hooks.isLeftAlone(pass, 'core', set)) return
  const evacuations = pass.cr.status?.nodeEvacuationsStatus ?? []
  if (isUnderWay(pass, evacuations)) {
    const wanted = pass.cr.spec.coreTemplate.spec.replicas
    if (await pass.hooks.removesUndrained(pass, requester, set, wanted, evacuations))
      await scaleDown(pass, set)
    return
  }
  const pods = await remaining(pass, set)
  const [highest] = pods
  if (highest === undefined || highest.metadata.deletionTimestamp !== undefined) return
  const leaving: Leaving = { role: 'core', set, pods, targets }
  for (const pod of pass.hooks.inOrder(pods)) {
    const node = await nodeOf(pass, requester, leaving, pod)
    if (node.node_status !== 'stopped' && holdsSessions(node)) {
      const next = pass.hooks.inOrder(pods)
      return evacuate(pass, requester, { ...leaving, pods: next.slice(next.indexOf(pod)) }, node)
    }
    // Whatever the order of evacuations is, Kubernetes takes the highest ordinal.
    if (pod !== highest) continue
    if (node.node_status === 'stopped' || (await isTakeoverOver(pass, set))) await scaleDown(pass, set)
    return
  }
}
