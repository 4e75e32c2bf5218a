import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import { type ApiError, badRequest, invalid } from '../errors.ts'
import { invalidValue } from '../field-error.ts'
import { isObject, type JsonObject, textAt } from '../json.ts'
import type { Store } from '../store.ts'
import type { Attributes } from './attributes.ts'
import { decide, together } from './authorize.ts'
import { grantsOf, type Rule } from './rules.ts'
import type { User } from './user.ts'

const AUTHORIZATION = 'authorization.k8s.io'
const AUTHENTICATION = 'authentication.k8s.io'

/** A resource without objects of its own: a POST asks about oneself and is answered at once. */
export interface Review {
  group: string
  version: string
  plural: string
  kind: string
  answer(store: Store, user: User, spec: JsonObject): JsonObject
}

export const REVIEWS: readonly Review[] = [
  {
    group: AUTHORIZATION,
    version: 'v1',
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    answer: (store, user, spec) => ({
      metadata: {},
      spec: withoutEmpty(spec),
      status: decide(store, user, askedIn(spec)),
    }),
  },
  {
    group: AUTHORIZATION,
    version: 'v1',
    plural: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
    answer(store, user, spec) {
      const namespace = textAt(spec, 'namespace')
      if (!namespace) throw badRequest('no namespace on request')
      return { metadata: {}, spec: {}, status: rulesIn(store, user, namespace) }
    },
  },
  {
    group: AUTHENTICATION,
    version: 'v1',
    plural: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    answer: (_, { name, uid, groups, extra }) => ({
      metadata: { creationTimestamp: timestamp() },
      status: { userInfo: { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) } },
    }),
  },
]

/** The attributes in a SelfSubjectAccessReview. Throws a 422. */
function askedIn(spec: JsonObject): Attributes {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec
  if (isObject(resource) === isObject(path)) throw neitherNor()
  const asked = isObject(resource) ? resource : path
  const field = (name: string) => textAt(asked, name) ?? ''
  return {
    verb: field('verb'),
    group: field('group'),
    resource: field('resource'),
    subresource: field('subresource'),
    name: field('name'),
    namespace: field('namespace'),
    ...(isObject(path) && { path: field('path') }),
  }
}

/** Empty texts are as good as none, and are not sent back. */
function withoutEmpty(spec: JsonObject): JsonObject {
  const kept = ([key, value]: [string, unknown]) => [key, isObject(value) ? withoutEmpty(value) : value]
  return Object.fromEntries(
    Object.entries(spec)
      .filter(([, value]) => value !== '' && value !== undefined)
      .map(kept),
  )
}

function neitherNor(): ApiError {
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  return invalid({ group: AUTHORIZATION, plural: '', kind: '' }, '', [
    invalidValue('spec.resourceAttributes', undefined, why),
  ])
}

function rulesIn(store: Store, user: User, namespace: string): JsonObject {
  const grants = [...grantsOf(store, user, namespace)]
  const rules = grants.flatMap((grant): Rule[] => ('rule' in grant ? [grant.rule] : []))
  const problems = grants.flatMap((grant) => ('problem' in grant ? [grant.problem] : []))
  return {
    resourceRules: rules.filter(({ resources = [] }) => resources.length > 0),
    nonResourceRules: rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0),
    incomplete: false,
    ...(problems.length > 0 && { evaluationError: together([...new Set(problems)]) }),
  }
}
