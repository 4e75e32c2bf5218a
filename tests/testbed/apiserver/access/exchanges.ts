/**
 * Requests about who may do what, in the order in which they are sent: to a real API server by record.ts, to the emulated
 * one by recorded.test.ts. `$POD` and `$PORT` stand for the address of the pod's own server, which sends back what it gets.
 */
export interface Exchange {
  /** Whose token the request carries. */
  as: Caller
  /** "GET /path" */
  send: string
  body?: object
  headers?: Record<string, string>
}

/** The administrator, a user of the group "devs", and the ServiceAccount default/weir. */
export type Caller = 'admin' | 'alice' | 'weir'

const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const REVIEWS = '/apis/authorization.k8s.io/v1'
const HOME = '/api/v1/namespaces/default'
const MERGE = { 'content-type': 'application/merge-patch+json' }
const GROUP = 'rbac.authorization.k8s.io'

const get = (as: Caller, path: string, headers?: Record<string, string>): Exchange => ({
  as,
  send: `GET ${path}`,
  ...(headers && { headers }),
})
const post = (as: Caller, path: string, body: object): Exchange => ({ as, send: `POST ${path}`, body })
const remove = (as: Caller, path: string): Exchange => ({ as, send: `DELETE ${path}` })

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

const pod = (name: string, more: object = {}) =>
  post('admin', `${HOME}/pods`, {
    metadata: { name },
    spec: { containers: [{ name: 'emqx', image: 'emqx', ...more }] },
  })

/** What reaches the pod's own server, and what comes back. */
const proxy: Exchange[] = [
  pod('ee-0'),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/early`),
  {
    as: 'admin',
    send: `PATCH ${HOME}/pods/ee-0/status`,
    body: { status: { podIP: '$POD' } },
    headers: MERGE,
  },
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/echo/api/v5/prometheus/stats?mode=all&x=%20y&x=1`, {
    accept: 'text/plain',
    'x-own': 'kept',
  }),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/echo/a%2Fb/`),
  get('weir', `${HOME}/pods/http:ee-0:$PORT/proxy/echo`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy?a=b`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/`),
  post('admin', `${HOME}/pods/ee-0:$PORT/proxy/echo/post?a=b`, { hello: 'pod' }),
  { as: 'admin', send: `PUT ${HOME}/pods/ee-0:$PORT/proxy/echo/put`, body: { hello: 'pod' } },
  { as: 'admin', send: `PATCH ${HOME}/pods/ee-0:$PORT/proxy/echo/patch`, body: {}, headers: MERGE },
  { as: 'admin', send: `DELETE ${HOME}/pods/ee-0:$PORT/proxy/echo/delete` },
  { as: 'admin', send: `HEAD ${HOME}/pods/ee-0:$PORT/proxy/echo/head` },
  { as: 'admin', send: `OPTIONS ${HOME}/pods/ee-0:$PORT/proxy/echo/options` },
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/status/503`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/status/401`),
  get('weir', `${HOME}/pods/ee-0:$PORT/proxy/break`),
  get('weir', `${HOME}/pods/ee-0:1/proxy/refused`),
  get('weir', `${HOME}/pods/ee-0:99999/proxy/x`),
  get('weir', `${HOME}/pods/ee-0:/proxy/x`),
  get('weir', `${HOME}/pods/ftp:ee-0:1/proxy/x`),
  get('weir', `${HOME}/pods/ee-9:$PORT/proxy/x`),
]

/** Before any connection to a kubelet. */
const forwards: Exchange[] = [
  get('admin', `${HOME}/pods/ee-9/portforward?ports=8081`),
  get('admin', `${HOME}/pods/ee-0/portforward?ports=8081`),
  get('admin', `${HOME}/pods/ee-0/portforward?ports=x`),
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
