import { readOptions } from '../../evacuation/options.ts'
import type { Rebalance } from '../../evacuation/rebalance.ts'
import { readRebalance4 } from '../../evacuation/rebalance-options.ts'
import type { NodeCore } from '../../node-core.ts'
import { bare } from '../answer.ts'
import { get, post, type Route } from '../routes.ts'
import { done, failed } from './answer.ts'

/** One node's evacuation as 4.4 shows it; keys in the order of the documentation. */
function evacuationStatus(node: NodeCore) {
  const { evacuation } = node
  return {
    state: evacuation.state,
    connection_eviction_rate: evacuation.options?.connEvictRate ?? 0,
    session_eviction_rate: evacuation.options?.sessEvictRate ?? 0,
    connection_goal: 0,
    session_goal: 0,
    session_recipients: node.sessionRecipients().map(({ name }) => name),
    stats: {
      initial_connected: evacuation.initialConnections,
      current_connected: evacuation.currentConnections,
      initial_sessions: evacuation.initialSessions,
      current_sessions: evacuation.currentSessions,
    },
  }
}

/** What a donor and the coordinator show of a rebalance. */
function rebalanceStatus(rebalance: Rebalance) {
  const { options, connections, disconnected } = rebalance
  return {
    state: rebalance.state,
    coordinator_node: rebalance.coordinator,
    connection_eviction_rate: options?.connEvictRate ?? 0,
    session_eviction_rate: options?.sessEvictRate ?? 0,
    ...(connections && { connection_goal: connections.recipients }),
    ...(disconnected && { disconnected_session_goal: disconnected.recipients }),
    recipients: rebalance.recipients,
  }
}

/** On the coordinator's behalf, for global_status. */
function conducted({ name, rebalance }: NodeCore) {
  const { connections, disconnected, donors } = rebalance
  return {
    node: name,
    ...rebalanceStatus(rebalance),
    donors,
    ...(connections && { donor_conn_avg: connections.donors }),
    ...(disconnected && { donor_sess_avg: disconnected.donors }),
  }
}

/** What the node that is asked says of itself: a recipient, and a coordinator that gives nothing, nothing. */
function localStatus(node: NodeCore) {
  if (node.evacuation.enabled) return { ...evacuationStatus(node), process: 'evacuation', status: 'enabled' }
  const { rebalance } = node.agent
  if (rebalance === undefined) return { status: 'disabled' }
  const initial = rebalance.initial.get(node.name)
  const stats = {
    initial_connected: initial?.connections ?? 0,
    initial_sessions: initial?.sessions ?? 0,
    current_connected: node.partner.liveConnections(),
    current_sessions: node.partner.sessions(),
    current_disconnected_sessions: node.partner.disconnectedSessions(),
  }
  return { ...rebalanceStatus(rebalance), stats, process: 'rebalance', status: 'enabled' }
}

export const loadRebalanceRoutes: Route[] = [
  get('/api/v4/load_rebalance/availability_check', ({ node }) => bare({}, node.agent.enabled ? 503 : 200)),
  get('/api/v4/load_rebalance/status', ({ node }) => bare(localStatus(node))),
  get('/api/v4/load_rebalance/global_status', ({ node }) =>
    bare({
      rebalances: node.group
        .running()
        .filter(({ rebalance }) => rebalance.enabled)
        .map(conducted),
      evacuations: node.group
        .running()
        .filter((member) => member.evacuation.enabled)
        .map((member) => ({ node: member.name, ...evacuationStatus(member) })),
    }),
  ),
  post('/api/v4/load_rebalance/*/start', ({ node, params, body }) => {
    const { group, version } = node
    const target = group.nodeNamed(params[0]!)
    if (target === undefined) return failed(`Node not found: ${params[0]}`)
    // A donor is not available, so which nodes there are is no matter where a rebalance is under way.
    if (target.rebalance.enabled) return failed('already_started')
    const isAvailable = (name: string) => group.available(name) !== undefined
    const checked = readRebalance4(body ?? {}, isAvailable, version.admitsWhileWaiting)
    if ('error' in checked) return failed(checked.error)
    const result = target.rebalance.start(checked.options, group.partners(checked.options.nodes))
    return result === 'ok' ? done() : failed(result)
  }),
  post('/api/v4/load_rebalance/*/stop', ({ node, params }) => {
    const target = node.group.nodeNamed(params[0]!)
    if (target === undefined) return failed(`Node not found: ${params[0]}`)
    return target.rebalance.stop() === 'ok' ? done() : failed('not_started')
  }),
  post('/api/v4/load_rebalance/*/evacuation/start', ({ node, params, body }) => {
    const target = node.group.nodeNamed(params[0]!)
    if (target === undefined) return failed(`Node not found: ${params[0]}`)
    const checked = readOptions(body ?? {}, (name) => node.group.available(name) !== undefined)
    if ('error' in checked) return failed(checked.error)
    if (target.evacuation.enabled) return failed('already_started')
    if (target.agent.enabled) return failed('eviction_agent_busy')
    target.evacuation.start(checked.options, node.group.countEvacuation() === 0)
    return done()
  }),
  post('/api/v4/load_rebalance/*/evacuation/stop', ({ node, params }) => {
    const target = node.group.nodeNamed(params[0]!)
    if (target === undefined) return failed(`Node not found: ${params[0]}`)
    return target.evacuation.stop() === 'ok' ? done() : failed('not_started')
  }),
  get('/api/v4/node_eviction/status', ({ node }) =>
    bare(
      node.agent.enabled
        ? {
            status: 'enabled',
            stats: { connections: node.live.size, sessions: [...node.countedSessions()].length },
          }
        : { status: 'disabled' },
    ),
  ),
]
