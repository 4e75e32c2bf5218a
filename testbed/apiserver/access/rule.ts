import type { Attributes } from './attributes.ts'

/** A rule of a Role or a ClusterRole. */
export interface Rule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

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
