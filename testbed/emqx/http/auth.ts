import type { IncomingMessage } from 'node:http'
import type { VersionProfile } from '../version.ts'

export interface Credential {
  username: string
  password: string
}

export const MANAGEMENT_PORT = 8081
export const DASHBOARD_PORT = 18083

/** The default application of the management listener and the default user of the dashboard. */
const DEFAULT: Credential = { username: 'admin', password: 'public' }

/**
 * Whether a path is answered without credentials. Metrics are, on both listeners: contract/emqx.md §1.1 read it in the
 * source, while ops.md B21 ("401 without") only expects it. Sending credentials does no harm.
 */
function isPublic(path: string, version: VersionProfile): boolean {
  if (path === '/api/v4/emqx_prometheus' || path === '/status') return true
  return path === '/api/v4/load_rebalance/availability_check' && version.publicAvailability
}

/** Basic authentication: applications on the management port, dashboard users on the dashboard port. */
export function isAllowed(
  request: IncomingMessage,
  path: string,
  port: number,
  version: VersionProfile,
  applications: readonly Credential[],
): boolean {
  if (isPublic(path, version)) return true
  const match = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')
  if (match === null) return false
  const given = Buffer.from(match[1]!, 'base64').toString()
  const known = port === DASHBOARD_PORT ? [DEFAULT] : [DEFAULT, ...applications]
  return known.some(({ username, password }) => given === `${username}:${password}`)
}
