import { readOptions5 } from '../../evacuation/options.ts'
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

function inOrder(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}

const stateError = (node: NodeCore, what: string) => badRequest(`error on node '${node.name}': ${what}`)

export const loadRebalanceRoutes: Route[] = [
  get('/api/v5/load_rebalance/availability_check', ({ node }) =>
    node.evacuation.enabled ? refused(503, 'NODE_EVACUATING', 'Node Evacuating') : bare({}),
  ),
  get('/api/v5/load_rebalance/status', ({ node }) =>
    bare(
      node.evacuation.enabled
        ? evacuationStatus(node, { process: 'evacuation', status: 'enabled' })
        : { status: 'disabled' },
    ),
  ),
  get('/api/v5/load_rebalance/global_status', ({ node }) =>
    bare({
      evacuations: node.group
        .running()
        .filter((member) => member.evacuation.enabled)
        .map((member) => evacuationStatus(member, { node: member.name })),
      purges: [],
      rebalances: [],
    }),
  ),
  post('/api/v5/load_rebalance/*/evacuation/start', ({ node, params, body }) => {
    const { group } = node
    const target = group.nodeNamed(params[0]!)
    if (target === undefined) return notFound(`Node not found: ${params[0]}`)
    const nodes = {
      isKnown: (name: string) => group.members.has(name),
      isAvailable: (name: string) => group.available(name) !== undefined,
    }
    const checked = readOptions5(body ?? {}, nodes, node.healthCheckWaitSeconds)
    if ('code' in checked) return refused(400, checked.code, checked.message)
    if (target.evacuation.enabled) return stateError(target, 'already_started')
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
      node.evacuation.enabled
        ? { status: 'enabled', stats: { connections: node.live.size, sessions: node.channels.size } }
        : { status: 'disabled' },
    ),
  ),
]
