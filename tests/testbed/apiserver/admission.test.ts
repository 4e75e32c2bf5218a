import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'
import { configMap, type Harness, startHarness } from './harness.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const GROUP = '/apis/admissionregistration.k8s.io/v1'
const MERGE = { 'content-type': 'application/merge-patch+json' }

interface Request {
  uid: string
  operation: string
  name: string
  namespace: string
  dryRun: boolean
  subResource?: string
  kind: object
  resource: object
  object: { data?: Record<string, string>; metadata: { labels?: object } } | null
  oldObject: { data?: Record<string, string> } | null
}

let harness: Harness
let hook: http.Server
let requests: Request[] = []
/** What the webhook answers; the uid is added. */
let decide: (request: Request) => object

test.before.each(async () => {
  harness = await startHarness()
  requests = []
  decide = () => ({ allowed: true })
  hook = http.createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const review = JSON.parse(text) as { apiVersion: string; kind: string; request: Request }
      requests.push(review.request)
      const answer = { ...review, response: { uid: review.request.uid, ...decide(review.request) } }
      response.end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
})
test.after.each(async () => {
  await harness.close()
  hook.closeAllConnections()
  await new Promise((resolve) => hook.close(resolve))
})

const url = () => `http://127.0.0.1:${(hook.address() as AddressInfo).port}/review`
const rules = (operations: string[], resources = ['configmaps']) => [
  { operations, apiGroups: [''], apiVersions: ['v1'], resources, scope: '*' },
]

async function register(kind: 'mutating' | 'validating', more: object = {}) {
  const webhook = {
    name: `${kind === 'mutating' ? 'mutator' : 'validator'}.enterprise.emqx.io`,
    clientConfig: { url: url() },
    rules: rules(['CREATE', 'UPDATE']),
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...more,
  }
  const { status } = await harness.ask('POST', `${GROUP}/${kind}webhookconfigurations`, {
    metadata: { name: 'emqx' },
    webhooks: [webhook],
  })
  assert.is(status, 201)
}

const patchOf = (operations: object[]) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
})

test('a mutating webhook changes what is stored', async () => {
  await register('mutating')
  decide = () => patchOf([{ op: 'add', path: '/data/added', value: 'yes' }])
  const { status, body } = await harness.ask('POST', MAPS, configMap('x', { a: 'b' }))
  assert.is(status, 201)
  assert.equal(body.data, { a: 'b', added: 'yes' })
  assert.equal((await harness.ask('GET', `${MAPS}/x`)).body.data, { a: 'b', added: 'yes' })
})

test('the review says who, what and how', async () => {
  await register('validating')
  await harness.ask('POST', MAPS, configMap('x', { a: '1' }))
  await harness.ask('PATCH', `${MAPS}/x?dryRun=All`, { data: { a: '2' } }, MERGE)
  const [create, update] = requests as [Request, Request]
  assert.is(create.operation, 'CREATE')
  assert.equal(create.kind, { group: '', version: 'v1', kind: 'ConfigMap' })
  assert.equal(create.resource, { group: '', version: 'v1', resource: 'configmaps' })
  assert.is(create.oldObject, null)
  assert.is(create.namespace, 'default')
  assert.is(update.operation, 'UPDATE')
  assert.equal([update.oldObject?.data, update.object?.data], [{ a: '1' }, { a: '2' }])
  assert.is(update.dryRun, true)
})

test('a refusal reaches the client in the real words', async () => {
  await register('validating')
  const message = 'refuse to update the "name" field in ".spec.template.spec.emqxContainer.emqxConfig"'
  decide = () => ({ allowed: false, status: { code: 403, reason: 'Forbidden', message } })
  const { status, body } = await harness.ask('POST', MAPS, configMap('x'))
  assert.is(status, 403)
  assert.is(body.reason, 'Forbidden')
  assert.is(body.message, `admission webhook "validator.enterprise.emqx.io" denied the request: ${message}`)
  assert.is((await harness.ask('GET', `${MAPS}/x`)).status, 404)
})

test('a webhook behind a Service is reached at its endpoint, under the name that its certificate is for', async () => {
  const name = 'hooks.default.svc'
  const { key, certificate } = selfSigned(name)
  const secure = https.createServer({ key, cert: certificate }, (request, response) => {
    hook.emit('request', request, response)
  })
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
  const { port } = secure.address() as AddressInfo
  const caBundle = Buffer.from(certificate).toString('base64')
  await register('validating', {
    clientConfig: { service: { namespace: 'default', name: 'hooks', path: '/review' }, caBundle },
  })
  const why = async () => (await harness.ask('POST', MAPS, configMap('x'))).body.message
  assert.match(await why(), /failed to call webhook: service "hooks" not found$/)
  const core = '/api/v1/namespaces/default'
  const service = { metadata: { name: 'hooks' }, spec: { ports: [{ port: 443, targetPort: port }] } }
  await harness.ask('POST', `${core}/services`, service)
  assert.match(
    await why(),
    /Post "https:\/\/hooks\.default\.svc:443\/review\?timeout=10s": no endpoints available/,
  )
  await harness.ask('POST', `${core}/endpoints`, {
    metadata: { name: 'hooks' },
    subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port }] }],
  })
  assert.is((await harness.ask('POST', MAPS, configMap('x'))).status, 201)
  assert.is(requests.length, 1)
  secure.closeAllConnections()
  secure.close()
})

test('a refusal without words says so', async () => {
  await register('validating')
  decide = () => ({ allowed: false })
  const { status, body } = await harness.ask('POST', MAPS, configMap('x'))
  assert.is(status, 400)
  assert.is(
    body.message,
    'admission webhook "validator.enterprise.emqx.io" denied the request without explanation',
  )
})

test('mutation comes before validation, and validation sees its work', async () => {
  await register('mutating')
  await register('validating')
  const order: string[] = []
  decide = (request) => {
    const isMutated = request.object?.data?.added !== undefined
    order.push(isMutated ? 'validate' : 'mutate')
    return isMutated ? { allowed: true } : patchOf([{ op: 'add', path: '/data/added', value: 'yes' }])
  }
  await harness.ask('POST', MAPS, configMap('x', { a: 'b' }))
  assert.equal(order, ['mutate', 'validate'])
})

test('only the operations, resources and labels of the rules are asked about', async () => {
  await register('validating', { rules: rules(['DELETE']), objectSelector: { matchLabels: { ask: 'yes' } } })
  await harness.ask('POST', MAPS, configMap('x', {}, { ask: 'yes' }))
  await harness.ask('POST', MAPS, configMap('y'))
  await harness.ask('DELETE', `${MAPS}/y`)
  assert.is(requests.length, 0)
  decide = () => ({ allowed: false, status: { code: 403, message: 'keep it' } })
  assert.is((await harness.ask('DELETE', `${MAPS}/x`)).status, 403)
  assert.is(requests[0]!.operation, 'DELETE')
  assert.is((await harness.ask('GET', `${MAPS}/x`)).status, 200)
})

test('a subresource is asked about only when a rule names it', async () => {
  const pods = '/api/v1/namespaces/default/pods'
  await register('validating', { rules: rules(['UPDATE'], ['pods/status']) })
  await harness.ask('POST', pods, {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i:1' }] },
  })
  await harness.ask('PATCH', `${pods}/p`, { metadata: { labels: { a: 'b' } } }, MERGE)
  assert.is(requests.length, 0)
  await harness.ask('PATCH', `${pods}/p/status`, { status: { phase: 'Running' } }, MERGE)
  assert.is(requests[0]!.subResource, 'status')
})

test('a webhook that cannot be reached refuses, unless its failure is to be ignored', async () => {
  await register('validating', { clientConfig: { url: 'http://127.0.0.1:1/review' } })
  const { status, body } = await harness.ask('POST', MAPS, configMap('x'))
  assert.is(status, 500)
  assert.match(
    body.message,
    /^Internal error occurred: failed calling webhook "validator.enterprise.emqx.io": failed to call webhook: Post "http:\/\/127.0.0.1:1\/review\?timeout=10s": .*ECONNREFUSED/,
  )
  await harness.ask('DELETE', `${GROUP}/validatingwebhookconfigurations/emqx`)
  await register('validating', {
    clientConfig: { url: 'http://127.0.0.1:1/review' },
    failurePolicy: 'Ignore',
  })
  assert.is((await harness.ask('POST', MAPS, configMap('x'))).status, 201)
})

test('an answer to another question does not count', async () => {
  await register('validating')
  decide = () => ({ uid: 'another', allowed: true })
  const { status, body } = await harness.ask('POST', MAPS, configMap('x'))
  assert.is(status, 500)
  assert.match(body.message, /expected response.uid=/)
})

test('plain http goes to this machine only', async () => {
  await register('validating', { clientConfig: { url: 'http://192.0.2.1/review' } })
  assert.match(
    (await harness.ask('POST', MAPS, configMap('x'))).body.message,
    /plain http is for loopback addresses only/,
  )
})

test("a webhook's warnings are passed on", async () => {
  await register('validating')
  decide = () => ({ allowed: true, warnings: ['mind the gap'] })
  const { headers } = await harness.ask('POST', MAPS, configMap('x'))
  assert.is(headers.get('warning'), '299 - "mind the gap"')
})

test.run()
