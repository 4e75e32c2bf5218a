import type { RunView } from '#weir/record/view/index.ts'
import type { Deviation } from './deviation.ts'
import { isReleased } from './release.ts'

/** Operator 2.1.3–2.2.29, v1beta4: old pods stay in the Endpoints, and pods are deleted as their evacuation starts. */
export const undrainedDelete: Deviation = {
  id: 'operator-2.1.3-2.2.29-undrained-delete',
  source: 'docs/contract/operator.md#v1beta4-undrained-delete',
  shows: (run) =>
    isReleased(run.parameters.dialect, '2.1.3', '2.2.29') &&
    // Readiness gates are the other release line, of which no release is known to do this.
    run.parameters.dialect.trafficSwitch !== 'readiness-gate' &&
    // A node that is scaled away is another matter.
    run.nodes.some(({ side }) => side === 'new') &&
    oldPodsKept(run) &&
    deletedUndrained(run),
  fails: ['switch-before-evict', 'landing', 'hops', 'drained-before-delete', 'evacuation-serial'],
  mayFail: [
    'eviction-envelope',
    'no-storm',
    'eviction-slope',
    'eviction-floor',
    'evacuation-states',
    'initial-delay',
    'undisturbed-before',
    'amplification',
    'offline-peak',
    'downtime',
    'refusals',
    'conservation',
    'gauge-truth',
    'status-truth',
    'status-shape',
    'session-kept',
    'available',
  ],
  leavesOpen: [
    'eviction-slope',
    'eviction-floor',
    'evacuation-states',
    'gauge-truth',
    'initial-delay',
    'undisturbed-before',
    'landing',
    'conservation',
    'status-truth',
    'status-shape',
    'session-kept',
  ],
}

/** At the first eviction the Service still pointed at old pods. */
function oldPodsKept(run: RunView): boolean {
  const at = run.moments.firstEviction
  if (at === undefined) return false
  const endpoints = run.of('endpoints').findLast((event) => event.t <= at)
  return endpoints?.ready.some((pod) => run.nodes[run.nodeByPod.get(pod) ?? -1]?.side === 'old') ?? false
}

function deletedUndrained(run: RunView): boolean {
  const { connections } = run
  const deletedAt = new Map<number, number>()
  run.nodes.forEach((node, index) => {
    // What Kubernetes itself ends is not the operator's doing.
    const isOperators = node.side === 'old' && node.disruption === undefined
    if (isOperators && node.deletingT !== undefined) deletedAt.set(index, node.deletingT)
  })
  for (let row = 0; row < connections.length; row++) {
    const t = deletedAt.get(connections.node[row] ?? -1)
    if (t !== undefined && (connections.from[row] ?? 0) < t && (connections.to[row] ?? 0) > t) return true
  }
  return false
}
