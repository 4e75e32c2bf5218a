import { controllerOf, type Pod, type StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { labelled } from '../apply.ts'
import { setNotReady } from '../runtime/errors.ts'
import { emqxNodeName } from './names.ts'
import type { Pass } from './pass.ts'
import type { EmqxEnterprise } from './types.ts'

const bySizeThenNewest = (a: StatefulSet, b: StatefulSet) =>
  b.spec.replicas - a.spec.replicas ||
  (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '') ||
  b.metadata.name.localeCompare(a.metadata.name)

/** Greatest name first, as strings: x-9 before x-10. */
export const byNameDescending = (a: Pod, b: Pod) => (a.metadata.name < b.metadata.name ? 1 : -1)

/**
 * Sets of the resource that want pods: larger first, then newer. A set that this very pass wrote has the status
 * that the API server answered then, since the operator's cache is not up to date. Throws when there is no set.
 */
export async function listSets(pass: Pass): Promise<StatefulSet[]> {
  const written = [pass.created, pass.scaledDown].filter((set) => set !== undefined)
  const items = await labelled<StatefulSet>(pass, resources.statefulSets, pass.cr.metadata.labels)
  const known = items.map((set) => {
    const own = written.find((one) => one.metadata.uid === set.metadata.uid)
    return own === undefined ? set : { ...set, status: own.status }
  })
  const sets = known.filter((set) => set.spec.replicas !== 0).sort(bySizeThenNewest)
  if (sets.length === 0) throw setNotReady()
  return sets
}

export type PodsBySet = Map<string, Pod[]>

/** Pods by the uid of the set that owns them, greatest name first. */
export async function podsBySet(pass: Pass, sets: StatefulSet[]): Promise<PodsBySet> {
  const pods: PodsBySet = new Map(sets.map((set) => [set.metadata.uid ?? '', []]))
  const items = await labelled<Pod>(pass, resources.pods, pass.cr.spec.template.metadata?.labels)
  for (const pod of items.sort(byNameDescending)) {
    pods.get(controllerOf(pod)?.uid ?? '')?.push(pod)
  }
  return pods
}

export const podsOf = (pods: PodsBySet, set: StatefulSet) => pods.get(set.metadata.uid ?? '') ?? []

/** How many of these pods run, and are running members by the resource's own status. */
function joined(cr: EmqxEnterprise, pods: Pod[]): number {
  const running = new Set(
    (cr.status?.emqxNodes ?? []).filter((node) => node.node_status === 'Running').map((node) => node.node),
  )
  return pods.filter((pod) => pod.status?.phase === 'Running' && running.has(emqxNodeName(cr, pod))).length
}

/**
 * Sets whose pods are all members: as many as the set's currentReplicas. So a set without any pod yet is "in", and a
 * set whose pod is being stopped, but is still a member, is not. Throws when there is none.
 */
export async function inClusterSets(pass: Pass): Promise<{ sets: StatefulSet[]; pods: PodsBySet }> {
  const sets = await listSets(pass)
  const pods = await podsBySet(pass, sets)
  const inCluster = sets.filter(
    (set) => joined(pass.cr, podsOf(pods, set)) === (set.status?.currentReplicas ?? 0),
  )
  if (inCluster.length === 0) throw setNotReady()
  return { sets: inCluster, pods }
}
