import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { wrapping } from '../../runtime/errors.ts'
import type { Pass, Requester } from '../pass.ts'
import { ownerOf, podsOf } from '../sets.ts'
import { isTakeoverOver } from './drain-pauses.ts'
import { evacuate, holdsSessions, isUnderWay, type Leaving, nodeOf } from './evacuate.ts'

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
export async function drainCores(pass: Pass, requester: Requester, set: StatefulSet, targets: string[]) {
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
