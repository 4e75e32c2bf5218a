import type { IncomingMessage } from 'node:http'
import type { VersionProfile } from '../../version.ts'
import { type Answer, bare, text } from '../answer.ts'
import { basicOf, DEFAULT_USER, isHttp, isOneOf, type ManagementApi, type Visit } from '../management-api.ts'
import { clientRoutes } from './clients.ts'
import { licenceRoutes } from './licence.ts'
import { loadRebalanceRoutes } from './load-rebalance.ts'
import { LISTENERS, nodeRoutes } from './nodes.ts'
import { pluginRoutes } from './plugins.ts'
import { statsRoutes } from './stats.ts'

/** `/api/v4` of EMQX Enterprise 4.4 (docs/contract/emqx.md#load-rebalance-api). */
export const api4: ManagementApi = {
  listeners: LISTENERS,
  routes: [
    ...statsRoutes,
    ...nodeRoutes,
    ...clientRoutes,
    ...loadRebalanceRoutes,
    ...pluginRoutes,
    ...licenceRoutes,
  ],
  refusal,
  missing: () => text('Not found.', 404),
  invalidJson: () => bare({ code: 'bad_json', message: 'bad_json' }, 400),
}

/**
 * Whether a path is answered without credentials. Metrics are, on both listeners (docs/contract/emqx.md#metrics-endpoint).
 */
function isPublic(path: string, version: VersionProfile): boolean {
  if (path === '/api/v4/emqx_prometheus' || path === '/status') return true
  return path === '/api/v4/load_rebalance/availability_check' && version.publicAvailability
}

/** Basic authentication: applications on the management port, dashboard users on the dashboard port. */
export function refusal(request: IncomingMessage, path: string, visit: Visit): Answer | undefined {
  if (isPublic(path, visit.node.version)) return undefined
  const given = basicOf(request)
  const known =
    isHttp(visit.listener) && visit.listener.of === 'dashboard'
      ? [DEFAULT_USER]
      : [DEFAULT_USER, ...visit.credentials]
  if (given !== undefined && isOneOf(given, known)) return undefined
  return {
    ...text('UNAUTHORIZED', 401),
    headers: { 'www-authenticate': 'Basic Realm="minirest-server"' },
  }
}
