import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import type { Requester } from '../../emqx5/api.ts'
import { getNode, startEvacuation } from '../../emqx5/api.ts'
import { nodeNameOf, type Role } from '../../emqx5/names.ts'
import type { EmqxNode } from '../../emqx5/types.ts'
import { type EvacuationStatus, startBody } from '../../evacuation.ts'
import { wrapping } from '../../runtime/errors.ts'
import type { Pass } from '../pass.ts'

export interface Leaving {
  role: Role
  set: StatefulSet
  /** The pods that are left, in the order in which they go. */
  pods: Pod[]
  /** Names of the nodes that take over. */
  targets: string[]
}

/** Starts the evacuation of a node and emits an Event. */
async function order(pass: Pass, requester: Requester, node: string, { role, set, pods, targets }: Leaving) {
  const old = pods.map((pod) => nodeNameOf(pass.cr, role, pod, set))
  const recipients = pass.hooks.recipients(node, old, targets)
  const body = startBody(pass.cr.spec.updateStrategy.evacuationStrategy, recipients)
  await wrapping('failed to start node evacuation', startEvacuation(requester, node, body))
  pass.env.recorder.emit(pass.cr, 'Normal', 'NodeEvacuation', `Node ${node} is being evacuated`)
}

/** An evacuation blocks the next step. The operator reads only the first of the list: it never starts two. */
export function isUnderWay({ hooks }: Pass, evacuations: EvacuationStatus[]): boolean {
  const watched = hooks.watchesAllEvacuations ? evacuations : evacuations.slice(0, 1)
  return watched.some(({ state }) => state !== 'prohibiting')
}

export const holdsSessions = ({ edition, connections = 0 }: EmqxNode) =>
  edition === 'Enterprise' && connections > 0

/** The node of a pod as EMQX knows it. */
export const nodeOf = (pass: Pass, requester: Requester, { role, set }: Leaving, pod: Pod) =>
  wrapping('failed to get node info by API', getNode(requester, nodeNameOf(pass.cr, role, pod, set)))

/** Begins to evacuate the node at hand, which holds sessions. */
export async function evacuate(
  pass: Pass,
  requester: Requester,
  leaving: Leaving,
  node: EmqxNode,
): Promise<void> {
  await order(pass, requester, node.node, leaving)
  for (const pod of leaving.pods.slice(1, pass.hooks.nodesAtOnce)) {
    const other = await nodeOf(pass, requester, leaving, pod)
    if (holdsSessions(other)) await order(pass, requester, other.node, leaving)
  }
}
