import { forceLeave } from '../../emqx5/api.ts'
import { nodeHost } from '../../emqx5/names.ts'
import type { Step } from '../pass.ts'
import { coreReplicas } from '../settings.ts'

/** The ordinal of the pod in the first part of a core's host name. */
const ordinalOf = (node: string) => Number(nodeHost(node).split('.')[0]?.split('-').at(-1))

/** Cores that were scaled away leave the list of members, where they would stay as stopped. */
export const syncMembership: Step = async ({ cr, env, requester, state, status }) => {
  if (requester === undefined) return undefined
  for (const { name, podName, role, status: is } of status.coreNodes ?? []) {
    const hasPod = state.pods.some(({ metadata }) => metadata.name === podName)
    if (is !== 'stopped' || hasPod || ordinalOf(name) < coreReplicas(cr)) continue
    await forceLeave(requester, name)
    const message = `Stale ${role} node ${name} force-left the cluster`
    env.recorder.emit(cr, 'Normal', 'NodeForceLeave', message)
  }
  return undefined
}
