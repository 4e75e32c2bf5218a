import * as assert from 'uvu/assert'
import { type Cases, configMap, refused, type World } from '../world.ts'

const MAPS = 'configmaps'
const RBAC = 'rbac.authorization.k8s.io/v1'

const as = (user: string, ...groups: string[]) => ({
  headers: { 'impersonate-user': user, ...(groups.length > 0 && { 'impersonate-group': groups.join(', ') }) },
})

/** Lets a user do these things in the case's namespace. */
async function allow(world: World, user: string, rule: object): Promise<void> {
  const rules = [{ apiGroups: [''], resources: [MAPS], ...rule }]
  await world.create(`${RBAC}/roles`, { metadata: { name: user }, rules })
  await world.create(`${RBAC}/rolebindings`, {
    metadata: { name: user },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  })
}

/** A real server learns of roles and bindings by a watch. */
const becomesAllowed = (world: World, path: string, asked: ReturnType<typeof as>) =>
  world.eventually('the permission', async () => (await world.get(path, asked)).status === 200)

/** Who may do what. */
export const accessCases: Cases = {
  'a token that nobody has is refused, and so is no token': async (world) => {
    refused(await world.get(world.path(MAPS), { token: 'wrong' }), 401, 'Unauthorized', 'Unauthorized')
    refused(
      await world.get(world.path(MAPS), { token: null }),
      403,
      'Forbidden',
      `configmaps is forbidden: User "system:anonymous" cannot list resource "configmaps" in API group "" in the namespace "${world.namespace}"`,
    )
  },

  'health and the version are for everybody': async (world) => {
    for (const path of ['/healthz', '/livez', '/readyz', '/version'])
      assert.is((await world.get(path, { token: null })).status, 200, path)
  },

  'a user without a role may do nothing': async (world) => {
    await world.create(MAPS, configMap('one'))
    const answer = await world.get(world.path(MAPS, 'one'), as('jane'))
    refused(
      answer,
      403,
      'Forbidden',
      `configmaps "one" is forbidden: User "jane" cannot get resource "configmaps" in API group "" in the namespace "${world.namespace}"`,
    )
    assert.equal(answer.body.details, { name: 'one', kind: 'configmaps' })
    refused(
      await world.get('/apis/apps/v1/statefulsets', as('jane')),
      403,
      'Forbidden',
      'statefulsets.apps is forbidden: User "jane" cannot list resource "statefulsets" in API group "apps" at the cluster scope',
    )
    refused(
      await world.get('/metrics', as('jane')),
      403,
      'Forbidden',
      'forbidden: User "jane" cannot get path "/metrics"',
    )
  },

  'a role gives verbs, one by one': async (world) => {
    await world.create(MAPS, configMap('one'))
    await allow(world, 'jane', { verbs: ['get', 'list'] })
    await becomesAllowed(world, world.path(MAPS, 'one'), as('jane'))
    assert.is((await world.get(world.path(MAPS), as('jane'))).status, 200)
    refused(
      await world.get(`${world.path(MAPS)}?watch=1`, as('jane')),
      403,
      'Forbidden',
      /cannot watch resource "configmaps"/,
    )
    refused(
      await world.ask('DELETE', world.path(MAPS, 'one'), undefined, as('jane')),
      403,
      'Forbidden',
      /cannot delete resource/,
    )
    refused(
      await world.get('/api/v1/namespaces/default/configmaps', as('jane')),
      403,
      'Forbidden',
      /in the namespace "default"$/,
    )
  },

  'a role may name its objects': async (world) => {
    for (const name of ['one', 'two']) await world.create(MAPS, configMap(name))
    await allow(world, 'jane', { verbs: ['get'], resourceNames: ['one'] })
    await becomesAllowed(world, world.path(MAPS, 'one'), as('jane'))
    assert.is((await world.get(world.path(MAPS, 'two'), as('jane'))).status, 403)
  },

  'a subresource is a resource of its own': async (world) => {
    await world.create('apps/v1/statefulsets', {
      metadata: { name: 'web' },
      spec: {
        replicas: 0,
        serviceName: 'web',
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'b' }] } },
      },
    })
    await allow(world, 'jane', { apiGroups: ['apps'], resources: ['statefulsets/scale'], verbs: ['get'] })
    const path = world.path('apps/v1/statefulsets', 'web')
    await becomesAllowed(world, `${path}/scale`, as('jane'))
    refused(
      await world.get(path, as('jane')),
      403,
      'Forbidden',
      /cannot get resource "statefulsets" in API group "apps"/,
    )
    refused(
      await world.get(`${path}/status`, as('jane')),
      403,
      'Forbidden',
      /cannot get resource "statefulsets\/status" in API group "apps"/,
    )
  },

  'groups count, and impersonation is a permission': async (world) => {
    const asked = as('jane', 'system:masters')
    assert.is((await world.get(world.path(MAPS), asked)).status, 200)
    await allow(world, 'jane', { verbs: ['get', 'list'] })
    const account = `system:serviceaccount:${world.namespace}:default`
    const token = await tokenOf(world)
    refused(
      await world.get(world.path(MAPS), { ...as('jane'), token }),
      403,
      'Forbidden',
      `users "jane" is forbidden: User "${account}" cannot impersonate resource "users" in API group "" at the cluster scope`,
    )
  },

  'nobody gives away more than they have': async (world) => {
    await allow(world, 'jane', {
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['roles'],
      verbs: ['create', 'list'],
    })
    await becomesAllowed(world, world.path(`${RBAC}/roles`), as('jane'))
    const role = {
      metadata: { name: 'more' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
    }
    const answer = await world.ask('POST', world.path(`${RBAC}/roles`), role, as('jane'))
    refused(
      answer,
      403,
      'Forbidden',
      /^roles\.rbac\.authorization\.k8s\.io "more" is forbidden: user "jane" \(groups=\["system:authenticated"\]\) is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["secrets"\], Verbs:\["get"\]\}$/,
    )
  },

  'reviews tell a user what it may do': async (world) => {
    await allow(world, 'jane', { verbs: ['get'] })
    const review = async (verb: string) => {
      const resourceAttributes = { namespace: world.namespace, verb, resource: MAPS }
      const { status, body } = await world.ask(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        { spec: { resourceAttributes } },
        as('jane', 'system:authenticated'),
      )
      assert.is(status, 201, JSON.stringify(body))
      return body.status
    }
    const allowed = await world.eventually('the permission', async () => {
      const status = await review('get')
      return status.allowed && status
    })
    assert.match(
      allowed.reason,
      new RegExp(`^RBAC: allowed by RoleBinding "jane/${world.namespace}" of Role "jane" to User "jane"$`),
    )
    assert.is((await review('delete')).allowed, false)
  },

  'a ServiceAccount acts with its token': async (world) => {
    const token = await tokenOf(world)
    const account = `system:serviceaccount:${world.namespace}:default`
    refused(
      await world.get(world.path(MAPS), { token }),
      403,
      'Forbidden',
      `configmaps is forbidden: User "${account}" cannot list resource "configmaps" in API group "" in the namespace "${world.namespace}"`,
    )
    await world.create(`${RBAC}/rolebindings`, {
      metadata: { name: 'view' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: world.namespace }],
    })
    await world.eventually(
      'the permission',
      async () => (await world.get(world.path(MAPS), { token })).status === 200,
    )
  },

  'a review tells whose a token is': async (world) => {
    const token = await tokenOf(world)
    const account = `system:serviceaccount:${world.namespace}:default`
    const { status, body } = await world.ask('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
      spec: { token },
    })
    assert.is(status, 201, JSON.stringify(body))
    assert.is(body.status.authenticated, true)
    assert.is(body.status.user.username, account)
    assert.equal(body.status.user.groups, [
      'system:serviceaccounts',
      `system:serviceaccounts:${world.namespace}`,
      'system:authenticated',
    ])
  },

  'a reference to a role does not change': async (world) => {
    await allow(world, 'jane', { verbs: ['get'] })
    const binding = await world.read(world.path(`${RBAC}/rolebindings`, 'jane'))
    const answer = await world.ask('PUT', world.path(`${RBAC}/rolebindings`, 'jane'), {
      ...binding,
      roleRef: { ...binding.roleRef, name: 'other' },
    })
    refused(answer, 422, 'Invalid', /roleRef: Invalid value: .*: cannot change roleRef/)
  },
}

async function tokenOf(world: World): Promise<string> {
  const path = `${world.path('serviceaccounts', 'default')}/token`
  const { status, body } = await world.ask('POST', path, { spec: { expirationSeconds: 3600 } })
  assert.is(status, 201, JSON.stringify(body))
  return body.status.token
}
