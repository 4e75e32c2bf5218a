import { readOptions } from '../../evacuation/options.ts'
import type { NodeCore } from '../../node-core.ts'
import { bare } from '../answer.ts'
import type { Route } from '../routes.ts'
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
  {
    method: 'GET',
    path: '/api/v4/load_rebalance/availability_check',
    handle: ({ node }) => bare({}, node.evacuation.enabled ? 503 : 200),
  },
  {
    method: 'GET',
    path: '/api/v4/load_rebalance/status',
    handle: ({ node }) =>
      bare(
        node.evacuation.enabled
          ? { ...evacuationStatus(node), process: 'evacuation', status: 'enabled' }
          : { status: 'disabled' },
      ),
  },
  {
    method: 'GET',
    path: '/api/v4/load_rebalance/global_status',
    handle: ({ node }) =>
      bare({
        rebalances: [],
        evacuations: node.group
          .running()
          .filter((member) => member.evacuation.enabled)
          .map((member) => ({ node: member.name, ...evacuationStatus(member) })),
      }),
  },
  {
    method: 'POST',
    path: '/api/v4/load_rebalance/*/evacuation/start',
    handle({ node, params, body }) {
      const target = node.group.nodeNamed(params[0]!)
      if (target === undefined) return failed(`Node not found: ${params[0]}`)
      const checked = readOptions(body ?? {}, (name) => node.group.available(name) !== undefined)
      if ('error' in checked) return failed(checked.error)
      if (target.evacuation.enabled) return failed('already_started')
      target.evacuation.start(checked.options, node.group.countEvacuation() === 0)
      return done()
    },
  },
  {
    method: 'POST',
    path: '/api/v4/load_rebalance/*/evacuation/stop',
    handle({ node, params }) {
      const target = node.group.nodeNamed(params[0]!)
      if (target === undefined) return failed(`Node not found: ${params[0]}`)
      return target.evacuation.stop() === 'ok' ? done() : failed('not_started')
    },
  },
  {
    method: 'GET',
    path: '/api/v4/node_eviction/status',
    handle: ({ node }) =>
      bare(
        node.evacuation.enabled
          ? {
              status: 'enabled',
              stats: { connections: node.live.size, sessions: [...node.countedSessions()].length },
            }
          : { status: 'disabled' },
      ),
  },
]
