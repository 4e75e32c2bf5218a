import { readOptions } from '../../evacuation/options.ts'
import { evacuationStatus } from '../../evacuation/status.ts'
import { bare } from '../answer.ts'
import type { Route } from '../routes.ts'
import { done, failed } from './answer.ts'

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
