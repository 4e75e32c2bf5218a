import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { getEvacuations, getNodes, type ListedNode } from '../../emqx5/api.ts'
import { nodeHost } from '../../emqx5/names.ts'
import { wrap } from '../../runtime/errors.ts'
import { evaluateConditions } from '../conditions.ts'
import type { Pass, Step } from '../pass.ts'
import { hashOf, isUpdated, podsOf, replicantSet } from '../state.ts'
import type { Emqx, EmqxNode, NodeEvacuation } from '../types.ts'

/** Writes the status and goes on with what the API server made of the resource. */
export async function writeStatus(pass: Pass): Promise<void> {
  const status = pass.hooks.shownStatus(pass, pass.status)
  try {
    pass.cr = await pass.env.kube.replace<Emqx>(resources.emqxesOfV3, { ...pass.cr, status }, 'status')
  } catch (error) {
    throw wrap(error, 'failed to update status')
  }
}

/** A member with its pod: a core's by the beginning of its host name, a replicant's by its address. */
function shown({ state }: Pass, listed: ListedNode): EmqxNode {
  const host = nodeHost(listed.node)
  const isReplicant = listed.role === 'replicant'
  const pod = state.pods.find(({ metadata, status }) =>
    isReplicant ? host === status?.podIP : host.split('.')[0] === metadata.name,
  )
  return {
    name: listed.node,
    ...(pod && { podName: pod.metadata.name }),
    status: listed.node_status,
    ...(listed.otp_release !== undefined && { otpRelease: listed.otp_release }),
    ...(listed.version !== undefined && { version: listed.version }),
    ...(listed.role !== undefined && { role: listed.role }),
    sessions: listed.connections ?? 0,
    connections: listed.live_connections ?? 0,
  }
}

const seconds = ({ uptime = 0 }: ListedNode) => Math.trunc(uptime / 1000)

/** Sorted by how long they run, in whole seconds, then by name. */
async function readNodes(pass: Pass): Promise<void> {
  const { requester, status } = pass
  if (requester === undefined) return
  const listed = await getNodes(requester)
  listed.sort((a, b) => seconds(a) - seconds(b) || a.node.localeCompare(b.node))
  const nodes = listed.map((node) => shown(pass, node))
  status.coreNodes = nodes.filter(({ role }) => role !== 'replicant')
  status.replicantNodes = nodes.filter(({ role }) => role === 'replicant')
  status.nodeEvacuations = (await getEvacuations(requester)).map(
    (one): NodeEvacuation => ({
      nodeName: one.node,
      state: one.state,
      ...(one.session_recipients && { sessionRecipients: one.session_recipients }),
      ...(one.session_eviction_rate && { sessionEvictionRate: one.session_eviction_rate }),
      ...(one.connection_eviction_rate && { connectionEvictionRate: one.connection_eviction_rate }),
      ...(one.stats?.initial_sessions && { initialSessions: one.stats.initial_sessions }),
      ...(one.stats?.initial_connected && { initialConnections: one.stats.initial_connected }),
    }),
  )
}

/** When the set that was left has no pods any more, the oldest other one that has some is left next, else none. */
function switchReplicants(pass: Pass): void {
  const counts = pass.status.replicantNodesStatus
  const update = replicantSet(pass, 'update')
  const current = replicantSet(pass, 'current')
  if (update === undefined || (current?.status?.replicas ?? 0) > 0) return
  const left = pass.state.replicants.find((set) => set !== update && (set.status?.replicas ?? 0) > 0)
  counts.currentRevision = hashOf(left ?? update)
}

const running = (nodes: EmqxNode[] | undefined) =>
  (nodes ?? []).filter(({ status }) => status === 'running').length

/** Updates the resource's status from the sets, the pods and EMQX; an error of EMQX's API ends the pass. */
export const updateStatus: Step = async (pass) => {
  const { cr, state, status } = pass
  const cores = podsOf(pass, state.cores)
  const { currentRevision } = state.cores?.status ?? {}
  switchReplicants(pass)
  await readNodes(pass)
  status.coreReplicas = 0
  status.coreNodesStatus = {
    readyReplicas: running(status.coreNodes),
    updatedReplicas: cores.filter((pod) => isUpdated(pass, pod)).length,
    currentReplicas: cores.filter(
      ({ metadata }) => metadata.labels?.['controller-revision-hash'] === currentRevision,
    ).length,
  }
  const replicas = (which: 'update' | 'current') => replicantSet(pass, which)?.status?.replicas ?? 0
  status.replicantReplicas = cr.spec.replicantTemplate
    ? state.replicants.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0)
    : 0
  Object.assign(status.replicantNodesStatus, {
    readyReplicas: running(status.replicantNodes),
    currentReplicas: replicas('current'),
    updateReplicas: replicas('update'),
  })
  evaluateConditions(pass)
  await writeStatus(pass)
  return undefined
}
