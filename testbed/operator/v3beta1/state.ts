import { controllerOf, isTrue, type Pod, type StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { labelled } from '../apply.ts'
import { HASH, labelsOf, roleLabels, roleName } from '../emqx5/names.ts'
import type { OperatorEnvironment } from '../runtime/reconciler.ts'
import type { Pass, State } from './pass.ts'
import type { Emqx, EmqxNode } from './types.ts'

const byAge = (a: StatefulSet, b: StatefulSet) =>
  (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
  a.metadata.name.localeCompare(b.metadata.name)

/** Reads the sets and the pods of a resource. */
export async function readState(env: OperatorEnvironment, cr: Emqx): Promise<State> {
  const maker = { env, cr }
  const sets = await labelled<StatefulSet>(maker, resources.statefulSets, roleLabels(cr, 'core'))
  const replicants = await labelled<StatefulSet>(maker, resources.replicaSets, roleLabels(cr, 'replicant'))
  const cores = sets.find(({ metadata }) => metadata.name === roleName(cr.metadata.name, 'core'))
  const owners = new Set([cores, ...replicants].map((set) => set?.metadata.uid))
  const pods = await labelled<Pod>(maker, resources.pods, labelsOf(cr))
  return {
    cores,
    replicants: replicants.sort(byAge),
    pods: pods.filter((pod) => owners.has(controllerOf(pod)?.uid)),
  }
}

export const hashOf = (set: StatefulSet | undefined): string => set?.metadata.labels?.[HASH] ?? ''

/** The set of replicants that the status calls the newest one, or the one that is being left. */
export const replicantSet = ({ state, status }: Pass, which: 'update' | 'current'): StatefulSet | undefined =>
  state.replicants.find((set) => hashOf(set) === status.replicantNodesStatus[`${which}Revision`])

export const podsOf = ({ state }: Pass, set: StatefulSet | undefined): Pod[] =>
  set === undefined ? [] : state.pods.filter((pod) => controllerOf(pod)?.uid === set.metadata.uid)

const REVISION = 'controller-revision-hash'

/** True for a core that runs the newest template. */
export const isUpdated = ({ state }: Pick<Pass, 'state'>, pod: Pod): boolean =>
  pod.metadata.labels?.[REVISION] === state.cores?.status?.updateRevision

export const isReady = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp === undefined && isTrue(pod, 'Ready')

export const nodeOf = ({ status }: Pass, pod: Pod): EmqxNode | undefined =>
  [...(status.coreNodes ?? []), ...(status.replicantNodes ?? [])].find(
    ({ podName }) => podName === pod.metadata.name,
  )
