/**
 * Requests about who may do what, in the order in which they are sent: to a real API server by record.ts, to the emulated
 * one by recorded.test.ts. `$POD` and `$PORT` stand for the address of the pod's own server, which sends back what it gets.
 */
import {
  type Caller,
  type Exchange,
  GROUP,
  get,
  HOME,
  MERGE,
  post,
  RBAC,
  REVIEWS,
  remove,
} from './exchange.ts'
import { forwards, proxy } from './pod-exchanges.ts'

const role = (name: string, rules: object[], namespace = 'default') =>
  post('admin', `${RBAC}/namespaces/${namespace}/roles`, { metadata: { name }, rules })
const clusterRole = (name: string, rules: object[]) =>
  post('admin', `${RBAC}/clusterroles`, { metadata: { name }, rules })
const binding = (name: string, roleRef: object, subjects: object[], namespace = 'default') =>
  post('admin', `${RBAC}/namespaces/${namespace}/rolebindings`, { metadata: { name }, roleRef, subjects })
const clusterBinding = (name: string, role: string, subjects: object[]) =>
  post('admin', `${RBAC}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
    subjects,
  })

const WEIR = { kind: 'ServiceAccount', name: 'weir', namespace: 'default' }
const may = (as: Caller, resourceAttributes: object) =>
  post(as, `${REVIEWS}/selfsubjectaccessreviews`, { spec: { resourceAttributes } })

/** Everything is forbidden, and every refusal names what was asked. */
const refused: Exchange[] = [
  get('weir', `${HOME}/pods`),
  get('weir', `${HOME}/pods/ee-0`),
  get('weir', '/api/v1/pods'),
  get('weir', '/api/v1/nodes'),
  get('weir', '/api/v1/namespaces'),
  get('weir', '/api/v1/namespaces/default'),
  get('weir', `${HOME}/pods?watch=true`),
  get('weir', `${HOME}/pods?watch=1&fieldSelector=metadata.name%3Dee-0`),
  get('weir', `${HOME}/pods/ee-0/log`),
  get('weir', `${HOME}/pods/ee-0:8081/proxy/api/v4/nodes`),
  post('weir', `${HOME}/pods/ee-0:8081/proxy/x`, {}),
  get('weir', `${HOME}/pods/ee-0/portforward?ports=8081`),
  post('weir', `${HOME}/configmaps`, { metadata: { name: 'cm' } }),
  { as: 'weir', send: `PATCH ${HOME}/configmaps/cm`, body: {}, headers: MERGE },
  { as: 'weir', send: `PUT ${HOME}/pods/ee-0/status`, body: {} },
  remove('weir', `${HOME}/pods/ee-0`),
  remove('weir', `${HOME}/pods`),
  get('weir', '/apis/apps/v1/namespaces/default/statefulsets'),
  get('weir', '/apis/nobody.example.com/v1/namespaces/default/things/a'),
  get('weir', '/apis/nobody.example.com/v1/things'),
  get('weir', '/metrics'),
  post('weir', '/logs', {}),
  get('alice', `${RBAC}/clusterroles`),
  get('alice', `${HOME}/secrets/<b>`),
]

/** What everybody may who is somebody. */
const forAll: Exchange[] = [
  may('weir', { namespace: 'default', verb: 'list', resource: 'pods' }),
  may('admin', { namespace: 'default', verb: 'list', resource: 'pods' }),
  post('weir', `${REVIEWS}/selfsubjectaccessreviews`, {
    spec: { nonResourceAttributes: { path: '/version', verb: 'get' } },
  }),
  post('weir', `${REVIEWS}/selfsubjectaccessreviews`, {
    spec: { nonResourceAttributes: { path: '/metrics', verb: 'get' } },
  }),
  post('weir', `${REVIEWS}/selfsubjectaccessreviews`, { spec: {} }),
  post('weir', `${REVIEWS}/selfsubjectrulesreviews`, { spec: { namespace: 'default' } }),
  post('weir', `${REVIEWS}/selfsubjectrulesreviews`, { spec: {} }),
  post('weir', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}),
  post('alice', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}),
  get('weir', `${REVIEWS}/selfsubjectaccessreviews`),
  get('weir', '/readyz'),
]

/** A Role grants in its namespace what its rules say, and nothing beside. */
const granted: Exchange[] = [
  role('reader', [
    { apiGroups: [''], resources: ['pods', 'pods/proxy'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['apps.emqx.io'], resources: ['*'], verbs: ['*'] },
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['emqx-ee-bootstrap-user'], verbs: ['get'] },
    { apiGroups: [''], resources: ['*/status'], verbs: ['patch'] },
    { apiGroups: [''], resources: ['pods/portforward'], resourceNames: ['ee-0'], verbs: ['create'] },
  ]),
  binding('reader', { kind: 'Role', name: 'reader' }, [WEIR]),
  get('weir', `${HOME}/pods/ee-9`),
  get('weir', '/api/v1/namespaces/kube-system/pods'),
  get('weir', '/api/v1/pods'),
  remove('weir', `${HOME}/pods/ee-9`),
  get('weir', `${HOME}/secrets`),
  get('weir', `${HOME}/secrets/emqx-ee-bootstrap-user`),
  get('weir', `${HOME}/secrets/other`),
  get('weir', `${HOME}/secrets?fieldSelector=metadata.name%3Demqx-ee-bootstrap-user`),
  { as: 'weir', send: `PATCH ${HOME}/pods/ee-9/status`, body: {}, headers: MERGE },
  { as: 'weir', send: `PATCH ${HOME}/pods/ee-9`, body: {}, headers: MERGE },
  { as: 'weir', send: `PUT ${HOME}/pods/ee-9:80/proxy/x`, body: {} },
  may('weir', { namespace: 'default', verb: 'list', resource: 'pods' }),
  may('weir', {
    namespace: 'default',
    verb: 'get',
    resource: 'pods',
    subresource: 'proxy',
    name: 'ee-0:8081',
  }),
  may('weir', {
    namespace: 'default',
    verb: 'create',
    resource: 'pods',
    subresource: 'portforward',
    name: 'ee-0',
  }),
  may('weir', { namespace: 'default', verb: 'create', resource: 'pods', subresource: 'portforward' }),
  may('weir', {
    namespace: 'default',
    verb: 'patch',
    group: 'apps.emqx.io',
    resource: 'emqxes',
    name: 'emqx',
  }),
  may('weir', {
    namespace: 'default',
    verb: 'patch',
    group: 'apps.emqx.io',
    resource: 'emqxes',
    subresource: 'scale',
  }),
  may('weir', { namespace: '', verb: 'list', resource: 'pods' }),
  may('weir', { namespace: 'other', verb: 'list', resource: 'pods' }),
  may('weir', { namespace: 'default', verb: '*', resource: 'pods' }),
  may('weir', { namespace: 'default', verb: '*', group: 'apps.emqx.io', resource: '*' }),
  post('weir', `${REVIEWS}/selfsubjectrulesreviews`, { spec: { namespace: 'default' } }),
]

/** ClusterRoles: bound in one namespace, or in all of them and beside. */
const cluster: Exchange[] = [
  clusterRole('nodes', [
    { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
    { nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] },
  ]),
  binding('nodes', { apiGroup: GROUP, kind: 'ClusterRole', name: 'nodes' }, [
    { kind: 'User', name: 'alice' },
  ]),
  get('alice', '/api/v1/nodes/n'),
  may('alice', { verb: 'get', resource: 'nodes', namespace: 'default' }),
  clusterBinding('nodes', 'nodes', [{ kind: 'Group', name: 'devs' }, WEIR]),
  get('alice', '/api/v1/nodes/n'),
  get('weir', '/api/v1/nodes/n'),
  may('alice', { verb: 'get', resource: 'nodes' }),
  may('weir', { verb: 'get', resource: 'nodes', namespace: 'default' }),
  post('alice', `${REVIEWS}/selfsubjectaccessreviews`, {
    spec: { nonResourceAttributes: { path: '/logs/a', verb: 'get' } },
  }),
  remove('admin', `${RBAC}/clusterrolebindings/nodes`),
  get('weir', '/api/v1/nodes/n'),
]

/** Bindings whose role is not there grant nothing, and the refusal says why. */
const dangling: Exchange[] = [
  clusterBinding('lost', 'nowhere', [WEIR]),
  get('weir', '/api/v1/nodes'),
  binding('lost', { kind: 'Role', name: 'nowhere' }, [WEIR]),
  get('weir', `${HOME}/secrets`),
  may('weir', { verb: 'list', resource: 'secrets', namespace: 'default' }),
  post('weir', `${REVIEWS}/selfsubjectrulesreviews`, { spec: { namespace: 'default' } }),
  remove('admin', `${RBAC}/clusterrolebindings/lost`),
  remove('admin', `${RBAC}/namespaces/default/rolebindings/lost`),
]

const invalid: Exchange[] = [
  role('bad', [{ apiGroups: [''], resources: ['pods'], verbs: [] }]),
  role('bad', [{ verbs: ['get'] }]),
  role('bad', [{ nonResourceURLs: ['/x'], verbs: ['get'] }]),
  clusterRole('bad', [{ nonResourceURLs: ['/x'], resources: ['pods'], verbs: ['get'] }]),
  binding('bad', { kind: 'Thing', name: 'x' }, []),
  binding('bad', { kind: 'Role', name: '' }, [{ kind: 'ServiceAccount', name: '' }]),
  binding('bad', { kind: 'Role', name: 'x' }, [{ kind: 'Robot', name: 'r' }]),
  binding('bad', { kind: 'Role', name: 'x', apiGroup: 'other' }, [
    { kind: 'User', name: 'r', apiGroup: 'other' },
    { kind: 'ServiceAccount', name: 'r', apiGroup: GROUP },
  ]),
  clusterBinding('bad', 'x', [{ kind: 'ServiceAccount', name: 'a' }]),
  {
    as: 'admin',
    send: `PATCH ${RBAC}/namespaces/default/rolebindings/reader`,
    body: { roleRef: { name: 'other' } },
    headers: MERGE,
  },
  clusterRole('system:colons:are:fine', []),
  clusterRole('a/b', []),
]

const tokens: Exchange[] = [
  post('admin', `${HOME}/serviceaccounts/weir/token`, {}),
  post('admin', `${HOME}/serviceaccounts/weir/token`, {
    spec: { expirationSeconds: 7200, audiences: ['x', 'y'] },
  }),
  post('admin', `${HOME}/serviceaccounts/weir/token`, { spec: { expirationSeconds: 60 } }),
  post('admin', `${HOME}/serviceaccounts/weir/token`, { metadata: { name: 'other' }, spec: {} }),
  post('admin', `${HOME}/serviceaccounts/nobody/token`, {}),
  get('admin', `${HOME}/serviceaccounts/weir/token`),
  post('weir', `${HOME}/serviceaccounts/weir/token`, {}),
]

const as = (user: string, ...groups: string[]) => ({
  'impersonate-user': user,
  ...(groups.length > 0 && { 'impersonate-group': groups.join(',') }),
})
const impersonation: Exchange[] = [
  get('admin', `${HOME}/secrets`, as('system:serviceaccount:default:weir')),
  get('admin', `${HOME}/secrets`, as('bob')),
  get('admin', `${HOME}/pods/ee-9`, as('system:serviceaccount:default:weir')),
  get('weir', `${HOME}/pods/ee-9`, as('bob')),
  get('weir', `${HOME}/pods/ee-9`, as('system:serviceaccount:default:other')),
  {
    as: 'admin',
    send: 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: {},
    headers: as('system:serviceaccount:default:weir'),
  },
  {
    as: 'admin',
    send: 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: {},
    headers: as('bob', 'devs'),
  },
]

/** The ServiceAccount is made first and its token kept; see `begin`. */
export const exchanges: Exchange[] = [
  ...refused,
  ...forAll,
  ...granted,
  ...cluster,
  ...dangling,
  ...invalid,
  ...tokens,
  ...impersonation,
  ...proxy,
  ...forwards,
]
