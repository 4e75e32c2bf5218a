import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import {
  type Interference,
  permissionsFor,
  permissionText,
  reviewPermissions,
} from '#weir/cluster/permissions/index.ts'
import { type Answers, apiServer, refusal } from '../api-server.ts'

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const texts = (options: Parameters<typeof permissionsFor>[1]) =>
  permissionsFor(dialects.v2beta1, options).map(permissionText)

test('whoever only looks on changes nothing', () => {
  const looking = permissionsFor(dialects.v2beta1, { changes: false })
  assert.ok(looking.every(({ verb, subresource }) => verb !== 'patch' && (verb !== 'create' || subresource)))
  assert.equal(
    texts({ changes: true }).filter((text) => !texts({ changes: false }).includes(text)),
    ['patch emqxes.apps.emqx.io'],
  )
  assert.is(new Set(texts({ changes: true })).size, texts({ changes: true }).length, 'none stands twice')
})

test('a run that interferes needs for each of its steps what that step does, and nothing else does', () => {
  const more = (...interferes: Interference[]) =>
    texts({ changes: true, interferes }).filter((text) => !texts({ changes: true }).includes(text))
  assert.equal(more('kill-pod'), ['delete pods'])
  assert.equal(more('evict-pod'), ['get nodes', 'patch nodes', 'create pods/eviction'])
  assert.equal(more('stop-operator'), ['get deployments.apps', 'patch deployments.apps'])
})

test('a fleet in pods: its Job, a Secret that is created and never read, and orders through the proxy', () => {
  const more = permissionsFor(dialects.v2beta1, { changes: true, fleetJob: true }).filter(
    ({ purpose }) => purpose === 'fleet',
  )
  assert.equal(
    more.map((one) => [permissionText(one), one.required]),
    [
      ['create jobs.batch', true],
      ['delete jobs.batch', true],
      ['create secrets', true],
      ['create pods/proxy', false],
    ],
  )
})

test('a rebalance needs the kind Rebalance only where the API server has it', () => {
  const asked = { changes: true, operates: 'rebalance', name: 'emqx' }
  const about = (all: string[]) => all.filter((text) => text.includes('rebalances'))
  assert.equal(
    about(texts(asked)),
    ['list', 'create']
      .map((verb) => `${verb} rebalances.apps.emqx.io`)
      .concat(['get', 'delete'].map((verb) => `${verb} rebalances.apps.emqx.io weir-rebalance-emqx`)),
  )
  assert.equal(about(texts({ ...asked, rebalances: false })), [])
  assert.is(
    texts({ ...asked, rebalances: false }).length,
    texts(asked).length - 4,
    'nothing else is left out',
  )
})

test('of Secrets only the one with the API key, once the resource is known', () => {
  const secrets = (all: string[]) => all.filter((text) => text.includes('secrets'))
  assert.equal(secrets(texts({ changes: true, name: 'emqx' })), ['get secrets emqx-bootstrap-api-key'])
  assert.equal(
    secrets(permissionsFor(dialects.v1beta4, { changes: true, name: 'emqx-ee' }).map(permissionText)),
    ['get secrets emqx-ee-bootstrap-user'],
  )
})

const reviewed = (answers: Answers) =>
  apiServer(answers, async ({ kube, requests }) => ({
    reviews: await reviewPermissions(
      { kube, namespace: 'space' },
      permissionsFor(dialects.v2beta1, { changes: true, name: 'emqx' }),
    ),
    asked: requests.map(({ body }) => JSON.parse(body).spec.resourceAttributes),
  }))

test('each is asked of the API server as it is', async () => {
  const { reviews, asked } = await reviewed({
    [REVIEWS]: (body) => {
      const { verb, resource } = JSON.parse(body).spec.resourceAttributes
      const allowed = verb !== 'patch' && resource !== 'nodes'
      return { status: 201, body: JSON.stringify({ status: { allowed, reason: allowed ? '' : 'no role' } }) }
    },
  })
  const denied = reviews.filter(({ allowed }) => allowed === false)
  assert.equal(
    denied.map(({ permission, why }) => [permissionText(permission), permission.required, why]),
    [
      ['list nodes', false, 'no role'],
      ['patch emqxes.apps.emqx.io', true, 'no role'],
    ],
  )
  const of = (resource: string) => asked.filter((one) => one.resource === resource)
  assert.equal(of('nodes'), [{ verb: 'list', group: '', resource: 'nodes' }])
  assert.equal(of('secrets'), [
    { namespace: 'space', verb: 'get', group: '', resource: 'secrets', name: 'emqx-bootstrap-api-key' },
  ])
  assert.equal(
    of('pods').filter((one) => one.subresource === 'portforward'),
    ['get', 'create'].map((verb) => ({
      namespace: 'space',
      verb,
      group: '',
      resource: 'pods',
      subresource: 'portforward',
    })),
  )
})

test('a server that does not tell is neither yes nor no', async () => {
  const { reviews } = await reviewed({ [REVIEWS]: refusal(403, 'Forbidden', 'not for you') })
  assert.ok(reviews.length > 10)
  assert.ok(reviews.every(({ allowed, why }) => allowed === undefined && why === 'not for you'))
})

test.run()
