import type { RbacV1Subject as Subject, V1PolicyRule } from '@kubernetes/client-node'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { listAt, textAt } from '../json.ts'
import type { Store } from '../store.ts'
import type { Attributes } from './attributes.ts'
import { accountUserName, type User } from './user.ts'

export type Rule = V1PolicyRule

const matches = (listed: readonly string[] | undefined, asked: string) =>
  (listed ?? []).some((one) => one === '*' || one === asked)

/** True when the rule allows the request (k8s.io/kubernetes, plugin/pkg/auth/authorizer/rbac: RuleAllows). */
export function ruleAllows(rule: Rule, asked: Attributes): boolean {
  if (!matches(rule.verbs, asked.verb)) return false
  if (asked.path !== undefined) return pathMatches(rule.nonResourceURLs ?? [], asked.path)
  const names = rule.resourceNames ?? []
  return (
    matches(rule.apiGroups, asked.group) &&
    resourceMatches(rule.resources ?? [], asked) &&
    (names.length === 0 || names.includes(asked.name))
  )
}

/** "pods" is not its subresources: those are named "pods/proxy", or by all resources as "*" followed by "/proxy". */
function resourceMatches(listed: readonly string[], { resource, subresource }: Attributes): boolean {
  if (subresource === '') return matches(listed, resource)
  return matches(listed, `${resource}/${subresource}`) || listed.includes(`*/${subresource}`)
}

const pathMatches = (listed: readonly string[], path: string) =>
  listed.some((one) => one === path || (one.endsWith('*') && path.startsWith(one.slice(0, -1))))

export const RBAC_GROUP = 'rbac.authorization.k8s.io'

/** A rule that applies to somebody and the binding that says so, or why a binding gives none. */
export type Grant = { rule: Rule; source: string } | { problem: string }

/**
 * The rules that apply to a user in a namespace ('': cluster-wide only): first those of ClusterRoleBindings, then of the
 * namespace's RoleBindings (k8s.io/kubernetes, pkg/registry/rbac/validation: VisitRulesFor).
 */
export function* grantsOf(store: Store, user: User, namespace: string): Generator<Grant> {
  for (const binding of store.list(`${RBAC_GROUP}/clusterrolebindings`))
    yield* grantsOfBinding(store, binding, user, '')
  if (namespace === '') return
  for (const binding of store.list(`${RBAC_GROUP}/rolebindings`, namespace))
    yield* grantsOfBinding(store, binding, user, namespace)
}

function* grantsOfBinding(
  store: Store,
  binding: KubeObject,
  user: User,
  namespace: string,
): Generator<Grant> {
  const subject = listAt<Subject>(binding, 'subjects').find((one) => applies(one, user, namespace))
  if (!subject) return
  const kind = textAt(binding, 'roleRef', 'kind') ?? ''
  const name = textAt(binding, 'roleRef', 'name') ?? ''
  const role =
    kind === 'Role'
      ? store.get(`${RBAC_GROUP}/roles`, namespace, name)
      : store.get(`${RBAC_GROUP}/clusterroles`, undefined, name)
  if (!role) {
    yield { problem: `${kind.toLowerCase()}.${RBAC_GROUP} "${name}" not found` }
    return
  }
  const own = binding.metadata.name
  const place = namespace === '' ? `ClusterRoleBinding "${own}"` : `RoleBinding "${own}/${namespace}"`
  const source = `${place} of ${kind} "${name}" to ${describe(subject, namespace)}`
  for (const rule of listAt<Rule>(role, 'rules')) yield { rule, source }
}

function applies({ kind, name, namespace: own }: Subject, user: User, namespace: string): boolean {
  if (kind === 'User') return user.name === name
  if (kind === 'Group') return user.groups.includes(name)
  const home = own || namespace
  return home !== '' && user.name === accountUserName(home, name)
}

const describe = ({ kind, name, namespace: own }: Subject, namespace: string) =>
  kind === 'ServiceAccount' ? `${kind} "${name}/${own || namespace}"` : `${kind} "${name}"`
