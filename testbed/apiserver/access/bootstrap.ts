import { RBAC_GROUP, type Rule } from './rules.ts'
import { MASTERS } from './user.ts'

const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
const HEALTH = ['/healthz', '/livez', '/readyz', '/version', '/version/']

const ROLES: { name: string; groups: string[]; rules: Rule[] }[] = [
  {
    name: 'cluster-admin',
    groups: [MASTERS],
    rules: [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ],
  },
  {
    name: 'system:basic-user',
    groups: ['system:authenticated'],
    rules: [
      {
        verbs: ['create'],
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
      },
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    ],
  },
  {
    name: 'system:discovery',
    groups: ['system:authenticated'],
    rules: [
      {
        verbs: ['get'],
        nonResourceURLs: [
          '/api',
          '/api/*',
          '/apis',
          '/apis/*',
          '/healthz',
          '/livez',
          '/openapi',
          '/openapi/*',
          '/readyz',
          '/version',
          '/version/',
        ],
      },
    ],
  },
  {
    name: 'system:service-account-issuer-discovery',
    groups: ['system:serviceaccounts'],
    rules: [
      {
        verbs: ['get'],
        nonResourceURLs: [
          '/.well-known/openid-configuration',
          '/.well-known/openid-configuration/',
          '/openid/v1/jwks',
          '/openid/v1/jwks/',
        ],
      },
    ],
  },
  {
    name: 'system:public-info-viewer',
    groups: ['system:authenticated', 'system:unauthenticated'],
    rules: [{ verbs: ['get'], nonResourceURLs: HEALTH }],
  },
]

/** The ClusterRoles and their bindings that every cluster has and that matter to those who are no part of it. */
export const bootstrapRoles = () => ROLES.map(({ name, rules }) => ({ metadata: { name, labels }, rules }))

export const bootstrapBindings = () =>
  ROLES.map(({ name, groups }) => ({
    metadata: { name, labels },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name },
    subjects: groups.map((group) => ({ apiGroup: RBAC_GROUP, kind: 'Group', name: group })),
  }))
