/** An authenticated user. */
export interface User {
  name: string
  groups: readonly string[]
  uid?: string
  extra?: Record<string, string[]>
}

/** Its members may do everything, without any rule. */
export const MASTERS = 'system:masters'
const AUTHENTICATED = 'system:authenticated'
const ACCOUNTS = 'system:serviceaccounts'
const ACCOUNT = 'system:serviceaccount:'

/** A user, who is in the group of all that have proven who they are as well. */
export function userNamed(name: string, groups: readonly string[] = [], more: Partial<User> = {}): User {
  return { name, groups: [...new Set([...groups, AUTHENTICATED])], ...more }
}

/** The user of a request without a token (k8s.io/apiserver, authentication/request/anonymous). */
export const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

export const accountUserName = (namespace: string, name: string): string => `${ACCOUNT}${namespace}:${name}`

/** The ServiceAccount that a user's name stands for, or undefined. */
export function accountOf(userName: string): { namespace: string; name: string } | undefined {
  if (!userName.startsWith(ACCOUNT)) return undefined
  const [namespace, name, ...rest] = userName.slice(ACCOUNT.length).split(':')
  return namespace && name && rest.length === 0 ? { namespace, name } : undefined
}

/** The user that a ServiceAccount is, with the groups that every one has. */
export function accountUser(namespace: string, name: string, more: Partial<User> = {}): User {
  return userNamed(accountUserName(namespace, name), [ACCOUNTS, `${ACCOUNTS}:${namespace}`], more)
}
