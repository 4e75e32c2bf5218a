import type { IncomingMessage } from 'node:http'
import { unauthorized } from '../errors.ts'
import type { Tokens } from './tokens.ts'
import type { User } from './user.ts'

/**
 * Whose token the request carries: in the Authorization header, or, for clients that send none over plain HTTP, at the
 * front of the path (`/<token>/api/…`), which is returned without it. The header is consumed: whoever gets the request
 * next, a pod behind the proxy, does not see it. Throws a 401.
 */
export function authenticate(
  tokens: Tokens,
  request: IncomingMessage,
  path: string,
): { user: User; path: string } {
  const { authorization } = request.headers
  delete request.headers.authorization
  const [, first = '', ...rest] = path.split('/')
  const inPath = tokens.userOf(first)
  if (inPath) return { user: inPath, path: `/${rest.join('/')}` }
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  const user = token === undefined ? undefined : tokens.userOf(token)
  if (!user) throw unauthorized()
  return { user, path }
}
