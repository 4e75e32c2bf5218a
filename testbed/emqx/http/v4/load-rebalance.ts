import { readOptions } from '../../evacuation/options.ts'
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

export const loadRebalanceRoutes: Route[] = [
  get('/api/v4/load_rebalance/availability_check', ({ node }) =>
    bare({}, node.evacuation.enabled ? 503 : 200),
  ),
  get('/api/v4/load_rebalance/status', ({ node }) =>
    bare(
      node.evacuation.enabled
        ? { ...evacuationStatus(node), process: 'evacuation', status: 'enabled' }
        : { status: 'disabled' },
    ),
  ),
  get('/api/v4/load_rebalance/global_status', ({ node }) =>
    bare({
      rebalances: [],
      evacuations: node.group
        .running()
        .filter((member) => member.evacuation.enabled)
        .map((member) => ({ node: member.name, ...evacuationStatus(member) })),
    }),
  ),
  post('/api/v4/load_rebalance/*/evacuation/start', ({ node, params, body }) => {
    const target = node.group.nodeNamed(params[0]!)
    if (target === undefined) return failed(`Node not found: ${params[0]}`)
    const checked = readOptions(body ?? {}, (name) => node.group.available(name) !== undefined)
    if ('error' in checked) return failed(checked.error)
    if (target.evacuation.enabled) return failed('already_started')
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
      node.evacuation.enabled
        ? {
            status: 'enabled',
            stats: { connections: node.live.size, sessions: [...node.countedSessions()].length },
          }
        : { status: 'disabled' },
    ),
  ),
]
