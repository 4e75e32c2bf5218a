import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { RBAC_GROUP, type Rule } from '../access/rules.ts'
import { type FieldError, invalidValue, required, unsupported } from '../field-error.ts'
import { equal, isObject, type JsonObject, listAt, textAt } from '../json.ts'
import type { Strategy } from '../resource-type.ts'
import { setDefault } from './pod-spec.ts'

/** Names of roles and bindings need only fit in a path: "system:basic-user" is one. */
function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`
  const bad = ['/', '%'].find((part) => name.includes(part))
  return bad && `may not contain '${bad}'`
}

const nothing = (list: readonly unknown[] | undefined) => (list ?? []).length === 0

/** What is wrong with a rule (k8s.io/kubernetes, pkg/apis/rbac/validation: ValidatePolicyRule). */
function ruleProblems(rule: Partial<Rule>, path: string, isNamespaced: boolean): FieldError[] {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule
  const found: FieldError[] = []
  if (nothing(verbs)) found.push(required(`${path}.verbs`, 'verbs must contain at least one value'))
  if (!nothing(nonResourceURLs)) {
    const wrong = (why: string) => found.push(invalidValue(`${path}.nonResourceURLs`, nonResourceURLs, why))
    if (isNamespaced) wrong('namespaced rules cannot apply to non-resource URLs')
    if (![apiGroups, resources, resourceNames].every(nothing))
      wrong('rules cannot apply to both regular resources and non-resource URLs')
    return found
  }
  if (nothing(apiGroups))
    found.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  if (nothing(resources))
    found.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  return found
}

const roleOf = (isNamespaced: boolean): Strategy => ({
  nameProblem: pathSegmentProblem,
  decode(object) {
    if (listAt(object, 'rules').length === 0) object.rules = null
    return []
  },
  validate: (object) =>
    listAt<Partial<Rule>>(object, 'rules').flatMap((rule, i) =>
      ruleProblems(rule, `rules[${i}]`, isNamespaced),
    ),
})

export const role = roleOf(true)
export const clusterRole = roleOf(false)

const SUBJECT_KINDS = ['ServiceAccount', 'User', 'Group']

function subjectProblems(subject: JsonObject, path: string, isNamespaced: boolean): FieldError[] {
  const found: FieldError[] = []
  const group = textAt(subject, 'apiGroup') ?? ''
  const kind = textAt(subject, 'kind') ?? ''
  if (!subject.name) found.push(required(`${path}.name`))
  if (!SUBJECT_KINDS.includes(kind)) return [...found, unsupported(`${path}.kind`, kind, SUBJECT_KINDS)]
  const right = kind === 'ServiceAccount' ? '' : RBAC_GROUP
  if (group !== right) found.push(unsupported(`${path}.apiGroup`, group, [right]))
  if (kind === 'ServiceAccount' && !isNamespaced && !subject.namespace)
    found.push(required(`${path}.namespace`))
  return found
}

function roleRefProblems(object: KubeObject, kinds: string[]): FieldError[] {
  const found: FieldError[] = []
  const [group, kind] = [textAt(object, 'roleRef', 'apiGroup') ?? '', textAt(object, 'roleRef', 'kind') ?? '']
  const name = textAt(object, 'roleRef', 'name')
  if (group !== RBAC_GROUP) found.push(unsupported('roleRef.apiGroup', group, [RBAC_GROUP]))
  if (!kinds.includes(kind)) found.push(unsupported('roleRef.kind', kind, kinds))
  const problem = name && pathSegmentProblem(name)
  if (!name) found.push(required('roleRef.name'))
  else if (problem) found.push(invalidValue('roleRef.name', name, problem))
  return found
}

/** As messages show it: the fields of the server's own type. */
const shownRoleRef = ({ roleRef }: KubeObject) => ({
  APIGroup: textAt(roleRef, 'apiGroup') ?? '',
  Kind: textAt(roleRef, 'kind') ?? '',
  Name: textAt(roleRef, 'name') ?? '',
})

const bindingOf = (isNamespaced: boolean): Strategy => ({
  nameProblem: pathSegmentProblem,
  decode(object) {
    if (isObject(object.roleRef)) setDefault(object.roleRef, 'apiGroup', RBAC_GROUP)
    for (const subject of listAt(object, 'subjects'))
      if (subject.kind === 'User' || subject.kind === 'Group') setDefault(subject, 'apiGroup', RBAC_GROUP)
    return []
  },
  validate(object, old) {
    const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
    return [
      ...roleRefProblems(object, kinds),
      ...listAt(object, 'subjects').flatMap((subject, i) =>
        subjectProblems(subject, `subjects[${i}]`, isNamespaced),
      ),
      ...(old && !equal(object.roleRef, old.roleRef)
        ? [invalidValue('roleRef', shownRoleRef(object), 'cannot change roleRef')]
        : []),
    ]
  },
})

export const roleBinding = bindingOf(true)
export const clusterRoleBinding = bindingOf(false)
