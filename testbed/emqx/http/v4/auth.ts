import type { IncomingMessage } from 'node:http'
import type { VersionProfile } from '../../version.ts'
import { type Answer, text } from '../answer.ts'
import { basicOf, DEFAULT_USER, isOneOf } from '../credential.ts'
import type { Visit } from '../management-api.ts'
import { DASHBOARD_PORT } from './listeners.ts'

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
  const known = visit.port === DASHBOARD_PORT ? [DEFAULT_USER] : [DEFAULT_USER, ...visit.credentials]
  if (given !== undefined && isOneOf(given, known)) return undefined
  return {
    ...text('UNAUTHORIZED', 401),
    headers: { 'www-authenticate': 'Basic Realm="minirest-server"' },
  }
}
