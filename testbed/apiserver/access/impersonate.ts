import type { IncomingMessage } from 'node:http'
import { internal, unauthorized } from '../errors.ts'
import type { Store } from '../store.ts'
import { authorize } from './authorize.ts'
import type { Tokens } from './tokens.ts'
import { ANONYMOUS, accountOf, accountUser, type User, userNamed } from './user.ts'

/**
 * The user of the request's token: in the Authorization header, or, for clients that send none over plain HTTP, at the front of
 * the path (`/<token>/api/…`), which is returned without it. The header is removed, so that pods behind the proxy do not see it.
 * Without either it is the anonymous one. Throws a 401 for a token that nobody has.
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
  if (authorization === undefined) return { user: ANONYMOUS, path }
  const user = token === undefined ? undefined : tokens.userOf(token)
  if (!user) throw unauthorized()
  return { user, path }
}

const USER = 'impersonate-user'
const GROUPS = 'impersonate-group'

/**
 * Whom the request is made for: `kubectl --as` and `--as-group` name another user, whom one must be allowed to
 * impersonate. Throws a 403 (k8s.io/apiserver, endpoints/filters: WithImpersonation).
 */
export function impersonate(store: Store, user: User, request: IncomingMessage): User {
  const { [USER]: [name] = [], [GROUPS]: groups = [] } = request.headersDistinct
  delete request.headers[USER]
  delete request.headers[GROUPS]
  if (name === undefined) {
    if (groups.length > 0)
      throw internal(`requested groups ${groups.join(', ')} without impersonating a user`)
    return user
  }
  const account = accountOf(name)
  const ask = (resource: string, what: string, namespace = '') =>
    authorize(store, user, {
      verb: 'impersonate',
      group: '',
      resource,
      subresource: '',
      name: what,
      namespace,
    })
  if (account) ask('serviceaccounts', account.name, account.namespace)
  else ask('users', name)
  for (const group of groups) ask('groups', group)
  if (account && groups.length === 0) return accountUser(account.namespace, account.name)
  return userNamed(name, groups)
}
