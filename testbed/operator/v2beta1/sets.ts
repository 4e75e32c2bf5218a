import { controllerOf, isTrue, type Pod, type StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { labelled } from '../apply.ts'
import { HASH, labelsOf, type Role, roleLabels } from '../emqx5/names.ts'
import type { Pass, Sets } from './pass.ts'
import { nodesStatus } from './status.ts'

const RESOURCE = { core: resources.statefulSets, replicant: resources.replicaSets } as const

export const resourceOf = (role: Role) => RESOURCE[role]

const byAge = (a: StatefulSet, b: StatefulSet) =>
  (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
  a.metadata.name.localeCompare(b.metadata.name)

/** Lists a role's sets, sorted by the revisions in the resource's status. */
export async function setsOf(pass: Pass, role: Role): Promise<Sets> {
  const { cr } = pass
  const items = await labelled<StatefulSet>(pass, RESOURCE[role], roleLabels(cr, role))
  const { updateRevision = '', currentRevision = '' } = nodesStatus(cr, role)
  const hash = (set: StatefulSet) => set.metadata.labels?.[HASH]
  return {
    update: items.find((set) => hash(set) === updateRevision),
    current: items.find((set) => hash(set) === currentRevision),
    others: items.filter((set) => hash(set) !== updateRevision && hash(set) !== currentRevision).sort(byAge),
  }
}

export const isSame = (a: StatefulSet | undefined, b: StatefulSet | undefined) =>
  a?.metadata.uid === b?.metadata.uid

/** Every pod of the resource that a set owns. */
export async function podsOf(pass: Pass): Promise<Pod[]> {
  const items = await labelled<Pod>(pass, resources.pods, labelsOf(pass.cr))
  return items.filter((pod) => ownerOf(pod) !== undefined)
}

/** The uid of the set that made the pod. */
export const ownerOf = (pod: Pod): string | undefined => controllerOf(pod)?.uid

export const areContainersReady = (pod: Pod): boolean => isTrue(pod, 'ContainersReady')
