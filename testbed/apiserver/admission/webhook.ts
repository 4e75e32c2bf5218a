import type { V1RuleWithOperations, V1ValidatingWebhook } from '@kubernetes/client-node'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { listAt } from '../json.ts'
import { matchesSelector } from '../selectors/labels.ts'
import type { Store } from '../store.ts'
import type { Attempt } from './review.ts'

export type Webhook = V1ValidatingWebhook

const listed = (list: readonly string[] | undefined, value: string) =>
  (list ?? []).some((one) => one === '*' || one === value)

/** Resources of a rule: `pods`, `pods/status`, and either part may be a star. */
function coversResource(
  patterns: readonly string[],
  plural: string,
  subresource: string | undefined,
): boolean {
  const full = subresource ? `${plural}/${subresource}` : plural
  return patterns.some(
    (pattern) =>
      pattern === full ||
      pattern === '*/*' ||
      (pattern === '*' && !subresource) ||
      (subresource !== undefined && (pattern === `${plural}/*` || pattern === `*/${subresource}`)),
  )
}

/** Whether one of the rules is about this write. */
export function coversWrite(
  rules: readonly V1RuleWithOperations[],
  { operation, type, subresource }: Attempt,
): boolean {
  const scope = type.namespaced ? 'Namespaced' : 'Cluster'
  return rules.some(
    (rule) =>
      listed(rule.operations, operation) &&
      listed(rule.apiGroups, type.group) &&
      listed(rule.apiVersions, type.version) &&
      coversResource(rule.resources ?? [], type.plural, subresource) &&
      listed([rule.scope ?? '*'], scope),
  )
}

/** A selector that is left out is empty, and matches everything (admissionregistration/v1). */
export function coversLabels(
  { objectSelector = {}, namespaceSelector = {} }: Pick<Webhook, 'objectSelector' | 'namespaceSelector'>,
  attempt: Attempt,
  store: Store,
): boolean {
  const { object, old, type } = attempt
  const objectMatches = [object, old].some(
    (each) => each && matchesSelector(objectSelector, each.metadata.labels ?? {}),
  )
  if (!objectMatches) return false
  if (!type.namespaced) return true
  const namespace = store.get('/namespaces', undefined, (object ?? old)!.metadata.namespace!)
  return matchesSelector(namespaceSelector, namespace?.metadata.labels ?? {})
}

/** The webhooks of these configurations that want to see this write, in order of the configurations' names. */
export function webhooksFor(configurations: KubeObject[], attempt: Attempt, store: Store): Webhook[] {
  return configurations
    .flatMap((configuration) => listAt<Webhook>(configuration, 'webhooks'))
    .filter((webhook) => coversWrite(webhook.rules ?? [], attempt) && coversLabels(webhook, attempt, store))
}
