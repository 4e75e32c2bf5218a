import { ApiError } from '../errors.ts'
import type { Store } from '../store.ts'
import type { Attributes } from './attributes.ts'
import { grantsOf, ruleAllows } from './rules.ts'
import { MASTERS, type User } from './user.ts'

export interface Decision {
  allowed: boolean
  /** Which rule allowed it, or why rules could not be looked up. */
  reason?: string
}

/** Authorizes by the rules in the store. What no rule allows is refused. */
export function decide(store: Store, user: User, asked: Attributes): Decision {
  if (user.groups.includes(MASTERS)) return { allowed: true }
  const problems = new Set<string>()
  for (const grant of grantsOf(store, user, asked.namespace)) {
    if ('problem' in grant) problems.add(grant.problem)
    else if (ruleAllows(grant.rule, asked))
      return { allowed: true, reason: `RBAC: allowed by ${grant.source}` }
  }
  return { allowed: false, ...(problems.size > 0 && { reason: `RBAC: ${together([...problems])}` }) }
}

/** Several errors as Go's aggregate shows them. */
export const together = (problems: string[]): string =>
  problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`

/** Throws the 403 of a real server, with user and request (k8s.io/apiserver, responsewriters: Forbidden). */
export function authorize(store: Store, user: User, asked: Attributes): void {
  const { allowed, reason } = decide(store, user, asked)
  if (!allowed) throw refusal(user, asked, reason)
}

function refusal(user: User, asked: Attributes, reason: string | undefined): ApiError {
  const { verb, group, resource, subresource, name, namespace, path } = asked
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`
  const place = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  const message =
    path !== undefined
      ? `${who} path ${JSON.stringify(path)}`
      : `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${place}`
  const because = reason === undefined ? '' : `: ${reason}`
  const qualified = group === '' ? resource : `${resource}.${group}`
  const object = `${qualified}${name === '' ? '' : ` ${JSON.stringify(name)}`} is `
  const details = { ...(name && { name }), ...(group && { group }), ...(resource && { kind: resource }) }
  return new ApiError(
    403,
    'Forbidden',
    `${path !== undefined ? '' : object}forbidden: ${escaped(message)}${because}`,
    details,
  )
}

/** Nothing in a refusal may look like HTML. */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
