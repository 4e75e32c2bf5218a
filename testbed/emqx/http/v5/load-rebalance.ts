import { readOptions5 } from '../../evacuation/options.ts'
import type { Rebalance } from '../../evacuation/rebalance.ts'
import { readRebalance5 } from '../../evacuation/rebalance-options.ts'
import type { NodeCore } from '../../node-core.ts'
import { bare } from '../answer.ts'
import { get, post, type Route } from '../routes.ts'
import { badRequest, notFound, refused } from './answer.ts'

/** One node's evacuation as 5.8 shows it: keys in alphabetical order, `more` among them. */
function evacuationStatus(node: NodeCore, more: object) {
  const { evacuation } = node
  return inOrder({
    ...more,
    connection_eviction_rate: evacuation.options?.connEvictRate ?? 0,
    connection_goal: 0,
    session_eviction_rate: evacuation.options?.sessEvictRate ?? 0,
    session_goal: 0,
    session_recipients: node
      .sessionRecipients()
      .map(({ name }) => name)
      .reverse(),
    state: evacuation.state,
    stats: {
      current_connected: evacuation.currentConnections,
      current_sessions: evacuation.currentSessions,
      initial_connected: evacuation.initialConnections,
      initial_sessions: evacuation.initialSessions,
    },
  })
}

/** What a donor and the coordinator show of a rebalance. */
function rebalanceStatus(rebalance: Rebalance, more: object) {
  const { options, connections, disconnected } = rebalance
  return {
    ...more,
    connection_eviction_rate: options?.connEvictRate ?? 0,
    coordinator_node: rebalance.coordinator,
    ...(connections && { connection_goal: connections.recipients }),
    ...(disconnected && { disconnected_session_goal: disconnected.recipients }),
    recipients: rebalance.recipients.reverse(),
    session_eviction_rate: options?.sessEvictRate ?? 0,
    state: rebalance.state,
  }
}

/** On the coordinator's behalf, for global_status. */
function conducted(node: NodeCore) {
  const { rebalance } = node
  const { connections, disconnected } = rebalance
  const means = {
    ...(connections && { donor_conn_avg: connections.donors }),
    ...(disconnected && { donor_sess_avg: disconnected.donors }),
  }
  return inOrder(
    rebalanceStatus(rebalance, { node: node.name, donors: rebalance.donors.reverse(), ...means }),
  )
}

/** What the node that is asked says of itself: a recipient, and a coordinator that gives nothing, nothing. */
function localStatus(node: NodeCore) {
  if (node.evacuation.enabled) return evacuationStatus(node, { process: 'evacuation', status: 'enabled' })
  const { rebalance } = node.agent
  if (rebalance === undefined) return { status: 'disabled' }
  const initial = rebalance.initial.get(node.name)
  const stats = {
    current_connected: node.partner.liveConnections(),
    current_disconnected_sessions: node.partner.disconnectedSessions(),
    current_sessions: node.partner.sessions(),
    initial_connected: initial?.connections ?? 0,
    initial_sessions: initial?.sessions ?? 0,
  }
  return inOrder(rebalanceStatus(rebalance, { process: 'rebalance', status: 'enabled', stats }))
}

function inOrder(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}

const nodesOf = ({ group }: NodeCore) => ({
  isKnown: (name: string) => group.members.has(name),
  isAvailable: (name: string) => group.available(name) !== undefined,
})

const stateError = (node: NodeCore, what: string) => badRequest(`error on node '${node.name}': ${what}`)

export const loadRebalanceRoutes: Route[] = [
  get('/api/v5/load_rebalance/availability_check', ({ node }) =>
    node.agent.enabled ? refused(503, 'NODE_EVACUATING', 'Node Evacuating') : bare({}),
  ),
  get('/api/v5/load_rebalance/status', ({ node }) => bare(localStatus(node))),
  get('/api/v5/load_rebalance/global_status', ({ node }) =>
    bare({
      evacuations: node.group
        .running()
        .filter((member) => member.evacuation.enabled)
        .map((member) => evacuationStatus(member, { node: member.name })),
      purges: [],
      rebalances: node.group
        .running()
        .filter(({ rebalance }) => rebalance.enabled)
        .map(conducted),
    }),
  ),
  post('/api/v5/load_rebalance/*/start', ({ node, params, body }) => {
    const { group } = node
    const target = group.nodeNamed(params[0]!)
    if (target === undefined) return notFound(`Node not found: ${params[0]}`)
    // A donor is not available, so which nodes there are is no matter where a rebalance is under way.
    if (target.rebalance.enabled) return stateError(target, 'already_started')
    const checked = readRebalance5(body ?? {}, nodesOf(node))
    if ('code' in checked) return refused(400, checked.code, checked.message)
    const result = target.rebalance.start(checked.options, group.partners(checked.options.nodes))
    return result === 'ok' ? bare({}) : stateError(target, result)
  }),
  post('/api/v5/load_rebalance/*/stop', ({ node, params }) => {
    const target = node.group.nodeNamed(params[0]!)
    if (target === undefined) return notFound(`Node not found: ${params[0]}`)
    return target.rebalance.stop() === 'ok' ? bare({}) : stateError(target, 'not_started')
  }),
  post('/api/v5/load_rebalance/*/evacuation/start', ({ node, params, body }) => {
    const { group } = node
    const target = group.nodeNamed(params[0]!)
    if (target === undefined) return notFound(`Node not found: ${params[0]}`)
    const checked = readOptions5(body ?? {}, nodesOf(node), node.healthCheckWaitSeconds)
    if ('code' in checked) return refused(400, checked.code, checked.message)
    if (target.evacuation.enabled) return stateError(target, 'already_started')
    if (target.agent.enabled) return stateError(target, 'eviction_agent_busy')
    target.evacuation.start(checked.options, group.countEvacuation() === 0)
    return bare({})
  }),
  post('/api/v5/load_rebalance/*/evacuation/stop', ({ node, params }) => {
    const target = node.group.nodeNamed(params[0]!)
    if (target === undefined) return notFound(`Node not found: ${params[0]}`)
    return target.evacuation.stop() === 'ok' ? bare({}) : stateError(target, 'not_started')
  }),
  get('/api/v5/node_eviction/status', ({ node }) =>
    bare(
      node.agent.enabled
        ? { status: 'enabled', stats: { connections: node.live.size, sessions: node.channels.size } }
        : { status: 'disabled' },
    ),
  ),
]
