import type { NodeCore } from '../node-core.ts'

/** One node's evacuation as the API shows it; key order as in contract/samples/emqx. */
export function evacuationStatus(node: NodeCore) {
  const { evacuation } = node
  return {
    state: evacuation.state,
    connection_eviction_rate: evacuation.options?.connEvictRate ?? 0,
    session_eviction_rate: evacuation.options?.sessEvictRate ?? 0,
    connection_goal: 0,
    session_goal: 0,
    session_recipients: recipients(node).map(({ name }) => name),
    stats: {
      initial_connected: evacuation.initialConnections,
      current_connected: evacuation.currentConnections,
      initial_sessions: evacuation.initialSessions,
      current_sessions: evacuation.currentSessions,
    },
  }
}

/** Computed at each request: a candidate that evacuates or has stopped is left out. */
export function recipients(node: NodeCore): NodeCore[] {
  const wanted =
    node.evacuation.options?.migrateTo ?? [...node.group.members.keys()].filter((name) => name !== node.name)
  const available: NodeCore[] = []
  for (const name of wanted) {
    const candidate = node.group.available(name)
    if (candidate !== undefined && candidate !== node) available.push(candidate)
  }
  return available
}
