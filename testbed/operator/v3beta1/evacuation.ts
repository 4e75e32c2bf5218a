import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { type Requester, startEvacuation, stopEvacuation } from '../emqx5/api.ts'
import type { Pass } from './pass.ts'
import { replicantReplicas, startBody } from './settings.ts'
import { nodeOf, podsOf, replicantSet } from './state.ts'
import type { EmqxNode } from './types.ts'

/** A replicant with it is on its way out. */
export const SCALING_DOWN = 'apps.emqx.io/scaling-down'

/** What is to be done with a pod that is to go. */
export type Admission = 'wait' | 'remove' | 'evacuate'

/** Of a node that EMQX knows: waits while it is evacuated, then evacuates it while it has sessions and there is anywhere to go. */
export function admissionOf(
  { hooks, status }: Pass,
  node: EmqxNode | undefined,
  isEvacuated: boolean,
  hasNowhere: boolean,
): Admission {
  if (hooks.removesUndrained || node === undefined || node.status === 'stopped') return 'remove'
  if (node.status !== 'running') return 'wait'
  const evacuation = status.nodeEvacuations?.find(({ nodeName }) => nodeName === node.name)
  if (evacuation !== undefined && evacuation.state !== 'prohibiting') return 'wait'
  return node.sessions > 0 && isEvacuated && !hasNowhere ? 'evacuate' : 'remove'
}

/**
 * Where the sessions of a node go: to the replicants of the newest set, where none of these runs to any replicant that is not on its way out,
 * and without replicants to every other core, updated or not.
 */
function targets(pass: Pass): string[] {
  const names = (pods: Pod[]) => pods.flatMap((pod) => nodeOf(pass, pod)?.name ?? [])
  if (replicantReplicas(pass.cr) === 0) return names(podsOf(pass, pass.state.cores))
  const stays = ({ metadata }: Pod) => metadata.annotations?.[SCALING_DOWN] === undefined
  const newest = names(podsOf(pass, replicantSet(pass, 'update')).filter(stays))
  if (newest.length > 0) return newest
  return names(pass.state.replicants.flatMap((set) => podsOf(pass, set)).filter(stays))
}

const emit = ({ env, cr }: Pass, type: 'Normal' | 'Warning', node: string, what: string) =>
  env.recorder.emit(cr, type, 'NodeEvacuation', `Node ${node} evacuation ${what}`)

/** Starts the evacuation of a core, with a request to it; none of those that go with it takes its sessions. */
export const startOfCore = (pass: Pass, pod: Pod, going: Pod[]) =>
  start(pass, pod, going, pass.requester?.of(pod.status?.podIP ?? ''))

/** The same of a replicant, with a request to a core. */
export const startOfReplicant = (pass: Pass, pod: Pod) => start(pass, pod, [pod], pass.requester)

async function start(pass: Pass, pod: Pod, going: Pod[], requester: Requester | undefined): Promise<void> {
  const node = nodeOf(pass, pod)
  if (node === undefined || requester === undefined) return
  const leaving = going.map((one) => nodeOf(pass, one)?.name)
  const migrateTo = targets(pass).filter((name) => !leaving.includes(name))
  if (migrateTo.length === 0) {
    emit(pass, 'Warning', node.name, 'skipped: no nodes to migrate to')
    return
  }
  await startEvacuation(requester, node.name, startBody(pass.cr, migrateTo))
  emit(pass, 'Normal', node.name, 'started')
}

export async function stopOf(pass: Pass, pod: Pod, node: string): Promise<void> {
  if (pass.requester === undefined) return
  await stopEvacuation(pass.requester.of(pod.status?.podIP ?? ''), node)
  emit(pass, 'Normal', node, 'stopped')
}
