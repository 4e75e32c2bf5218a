import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { wrap } from '../../runtime/errors.ts'
import { getNode, startEvacuation } from '../emqx/api.ts'
import type { Role } from '../names.ts'
import { nodeNameOf } from '../node-name.ts'
import type { Pass, Requester } from '../pass.ts'
import type { EmqxNode, EvacuationStatus } from '../types.ts'

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
    migrateTo: pass.hooks.recipients(node, old, targets),
  }).catch((error: unknown) => {
    throw wrap(error, 'failed to start node evacuation')
  })
  pass.env.recorder.emit(pass.cr, 'Normal', 'NodeEvacuation', `Node ${node} is being evacuated`)
}

/** An evacuation holds up the next step. The operator looks at the first of the list only: it never starts two. */
export function isUnderWay({ hooks }: Pass, evacuations: EvacuationStatus[]): boolean {
  const watched = hooks.watchesAllEvacuations ? evacuations : evacuations.slice(0, 1)
  return watched.some(({ state }) => state !== 'prohibiting')
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
  for (const pod of leaving.pods.slice(1, pass.hooks.nodesAtOnce)) {
    const other = await nodeOf(pass, ask, leaving, pod)
    if (holdsSessions(other)) await order(pass, ask, other.node, leaving)
  }
}
