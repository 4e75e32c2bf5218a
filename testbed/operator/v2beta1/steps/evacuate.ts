import type { Pod, StatefulSet } from '../../kinds.ts'
import { wrap } from '../../runtime/errors.ts'
import { getNode, startEvacuation } from '../emqx/api.ts'
import type { Requester } from '../emqx/requester.ts'
import { alongWith, recipients } from '../faults.ts'
import type { Role } from '../names.ts'
import { nodeNameOf } from '../node-name.ts'
import type { Pass } from '../pass.ts'
import type { EmqxNode } from '../types.ts'

export interface Leaving {
  role: Role
  set: StatefulSet
  /** The pods that are left, in the order in which they go. */
  pods: Pod[]
  /** Names of the nodes that take over. */
  targets: string[]
}

/** Orders the evacuation of a node, and says so in an Event. */
async function order(pass: Pass, ask: Requester, node: string, { role, set, pods, targets }: Leaving) {
  const { evacuationStrategy = {} } = pass.cr.spec.updateStrategy
  const old = pods.map((pod) => nodeNameOf(pass.cr, role, pod, set))
  await startEvacuation(ask, node, {
    connEvictRate: evacuationStrategy.connEvictRate ?? 0,
    sessEvictRate: evacuationStrategy.sessEvictRate ?? 0,
    waitTakeoverSeconds: evacuationStrategy.waitTakeover ?? 0,
    migrateTo: recipients(pass, node, old, targets),
  }).catch((error: unknown) => {
    throw wrap(error, 'failed to start node evacuation')
  })
  pass.env.recorder.event(pass.cr, 'Normal', 'NodeEvacuation', `Node ${node} is being evacuated`)
}

export const holdsSessions = ({ edition, connections = 0 }: EmqxNode) =>
  edition === 'Enterprise' && connections > 0

/** The node of a pod as EMQX knows it. */
export const nodeOf = (pass: Pass, ask: Requester, { role, set }: Leaving, pod: Pod) =>
  getNode(ask, nodeNameOf(pass.cr, role, pod, set)).catch((error: unknown) => {
    throw wrap(error, 'failed to get node info by API')
  })

/** Begins to evacuate the node at hand, which holds sessions. */
export async function evacuate(pass: Pass, ask: Requester, leaving: Leaving, node: EmqxNode): Promise<void> {
  await order(pass, ask, node.node, leaving)
  for (const pod of alongWith(pass, leaving.pods).slice(1)) {
    const other = await nodeOf(pass, ask, leaving, pod)
    if (holdsSessions(other)) await order(pass, ask, other.node, leaving)
  }
}
