import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { ON_SERVING } from '../../../../testbed/operator/emqx5/names.ts'
import type { Emqx, EmqxStatus } from '../../../../testbed/operator/v2beta1/types.ts'
import type { Seen } from '../bed.ts'

export interface Start {
  t: number
  node: string
  migrateTo: string[]
}

/** Evacuations that were ordered, in order. */
export const startsOf = ({ requests }: Seen): Start[] =>
  requests
    .filter(({ path }) => path.endsWith('/evacuation/start'))
    .map(({ t, path, body }) => ({
      t,
      node: path.split('/')[4] ?? '',
      migrateTo: (JSON.parse(body ?? '{}') as { migrate_to: string[] }).migrate_to,
    }))

/** Times at which a set of this kind was made smaller, with the size that it then wanted. */
export function shrinksOf({ watch }: Seen, kind: 'StatefulSet' | 'ReplicaSet'): { t: number; to: number }[] {
  const sizes = new Map<string, number>()
  const found: { t: number; to: number }[] = []
  for (const { t, kind: of, type, object } of watch) {
    if (of !== kind || type === 'DELETED') continue
    const { replicas } = (object as StatefulSet).spec
    if (replicas < (sizes.get(object.metadata.name) ?? 0)) found.push({ t, to: replicas })
    sizes.set(object.metadata.name, replicas)
  }
  return found
}

/** Statuses with the time at which they were heard of. */
export const statusesOf = ({ watch }: Seen): { t: number; status: EmqxStatus }[] =>
  watch
    .filter(({ kind, type }) => kind === 'CR' && type !== 'DELETED')
    .map(({ t, object }) => ({ t, status: (object as Emqx).status ?? {} }))

export const isMoving = ({ coreNodesStatus: cores, replicantNodesStatus: replicants }: EmqxStatus) =>
  cores?.currentRevision !== cores?.updateRevision ||
  replicants?.currentRevision !== replicants?.updateRevision

/** When the new sets served: Available, with a set that is being left. */
export const availableAt = (seen: Seen): number =>
  statusesOf(seen).find(({ status }) => status.conditions?.[0]?.type === 'Available' && isMoving(status))
    ?.t ?? Number.NaN

/** The gate of each pod when it was told to go, in the order of their going. */
export function gatesAtTheEnd({ watch }: Seen): { pod: string; gate: string | undefined }[] {
  const found = new Map<string, string | undefined>()
  for (const { kind, object } of watch) {
    if (kind !== 'Pod' || object.metadata.deletionTimestamp === undefined) continue
    const { metadata, status } = object as Pod
    if (!found.has(metadata.name))
      found.set(metadata.name, status?.conditions?.find(({ type }) => type === ON_SERVING)?.status)
  }
  return [...found].map(([pod, gate]) => ({ pod, gate }))
}

/** When the last gate of a pod was closed that had been open. */
export function switchedAt({ watch }: Seen): number {
  const gates = new Map<string, string>()
  let last = Number.NaN
  for (const { t, kind, object } of watch) {
    if (kind !== 'Pod') continue
    const gate = (object as Pod).status?.conditions?.find(({ type }) => type === ON_SERVING)?.status ?? ''
    if (gates.get(object.metadata.name) === 'True' && gate === 'False') last = t
    gates.set(object.metadata.name, gate)
  }
  return last
}

/** States that the resource told of a node's evacuation until then. */
export const statesUntil = (seen: Seen, node: string, t: number): string[] =>
  statusesOf(seen)
    .filter((one) => one.t <= t)
    .flatMap(({ status }) => status.nodeEvacuationsStatus ?? [])
    .filter((evacuation) => evacuation.node === node)
    .map(({ state }) => state)

/** How many connections the node had left when the resource last told of it. */
export const connectedBefore = (seen: Seen, node: string, t: number): number | undefined =>
  statusesOf(seen)
    .filter((one) => one.t <= t)
    .flatMap(({ status }) => status.nodeEvacuationsStatus ?? [])
    .findLast((evacuation) => evacuation.node === node)?.stats?.current_connected

/** The ordinal in the name of a core's node. */
export const ordinalOf = (node: string) => Number(/-(\d+)\./.exec(node)?.[1])
