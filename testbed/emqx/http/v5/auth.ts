import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Answer, bare } from '../answer.ts'
import { basicOf, DEFAULT_USER, isOneOf, type Visit } from '../management-api.ts'
import { post, type Route } from '../routes.ts'
import { refused } from './answer.ts'

const PUBLIC = new Set([
  '/status',
  '/api/v5/status',
  '/api/v5/login',
  '/api/v5/load_rebalance/availability_check',
  '/api/v5/prometheus/stats',
])

/** API keys by Basic, dashboard users by the token of a login: the users' own password is no Basic credential in 5.x. */
export function refusal(request: IncomingMessage, path: string, visit: Visit): Answer | undefined {
  if (PUBLIC.has(path)) return undefined
  const { authorization = '' } = request.headers
  const key = basicOf(request)
  if (key !== undefined)
    return isOneOf(key, visit.credentials)
      ? undefined
      : unauthorized('BAD_API_KEY_OR_SECRET', 'Check api_key/api_secret')
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization)
  if (bearer === null)
    return unauthorized('AUTHORIZATION_HEADER_ERROR', 'Support authorization: basic/bearer ')
  if (visit.node.group.tokens.has(bearer[1]!)) return undefined
  return unauthorized('BAD_TOKEN', 'Get a token by POST /login')
}

function unauthorized(code: string, message: string): Answer {
  return { ...refused(401, code, message), headers: { 'www-authenticate': 'Basic Realm="emqx-dashboard"' } }
}

interface Login {
  username?: unknown
  password?: unknown
}

export const authRoutes: Route[] = [
  post('/api/v5/login', ({ node, body }) => {
    const { username, password } = (body ?? {}) as Login
    if (username !== DEFAULT_USER.username || password !== DEFAULT_USER.password)
      return refused(401, 'BAD_USERNAME_OR_PWD', 'Auth failed')
    const token = randomUUID()
    node.group.tokens.add(token)
    return bare({ license: { edition: 'ee' }, token, version: node.version.version })
  }),
]
