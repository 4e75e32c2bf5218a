import type { V1LabelSelector } from '@kubernetes/client-node'
import { badRequest } from '../errors.ts'

type Labels = Readonly<Record<string, string>>
export type LabelMatcher = (labels: Labels) => boolean

const TERM =
  /^\s*(?:(!)\s*([^\s,=!()]+)|([^\s,=!()]+)\s+(in|notin)\s*\(([^)]*)\)|([^\s,=!()]+)\s*(==|=|!=)\s*([^\s,=!()]*)|([^\s,=!()<>]+)\s*(<|>)\s*(\d+)|([^\s,=!()]+))\s*(?:,|$)/

/**
 * A labelSelector of the API, equality- and set-based (Kubernetes "Labels and Selectors"): `a=b,c!=d,e in (f,g),h,!i`.
 * `!=` and `notin` also match objects that lack the label. Throws a 400 on anything else.
 */
export function parseLabelSelector(text: string): LabelMatcher {
  const terms: LabelMatcher[] = []
  let rest = text
  while (rest.trim() !== '') {
    const found = TERM.exec(rest)
    if (!found) throw badRequest(`unable to parse requirement: found '${rest.trim()}', expected: identifier`)
    rest = rest.slice(found[0].length)
    terms.push(term(found))
  }
  return (labels) => terms.every((matches) => matches(labels))
}

function term(found: RegExpExecArray): LabelMatcher {
  const [, not, absent, setKey, operator, set, equalsKey, sign, value, orderKey, order, bound, present] =
    found
  if (not) return (labels) => !has(labels, absent!)
  if (setKey) {
    const values = set!.split(',').map((item) => item.trim())
    return operator === 'in'
      ? (labels) => has(labels, setKey) && values.includes(labels[setKey]!)
      : (labels) => !has(labels, setKey) || !values.includes(labels[setKey]!)
  }
  if (equalsKey)
    return sign === '!='
      ? (labels) => labels[equalsKey] !== value
      : (labels) => has(labels, equalsKey) && labels[equalsKey] === value
  if (orderKey)
    return (labels) =>
      has(labels, orderKey) &&
      (order === '>' ? Number(labels[orderKey]) > Number(bound) : Number(labels[orderKey]) < Number(bound))
  return (labels) => has(labels, present!)
}

const has = (labels: Labels, key: string) => Object.hasOwn(labels, key)

/**
 * The selector as objects carry it (StatefulSets, disruption budgets, webhook configurations). An empty one matches everything, a missing
 * one nothing (LabelSelector of meta/v1).
 */
export function matchesSelector(selector: V1LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (labels[key] !== value) return false
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const present = has(labels, key)
    const listed = present && values.includes(labels[key]!)
    if (operator === 'In' && !listed) return false
    if (operator === 'NotIn' && listed) return false
    if (operator === 'Exists' && !present) return false
    if (operator === 'DoesNotExist' && present) return false
  }
  return true
}
