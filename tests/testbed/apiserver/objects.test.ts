import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { configMap, eventually, type Harness, podOf, startHarness, TOKEN } from './harness.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const PODS = '/api/v1/namespaces/default/pods'
let harness: Harness

test.before(async () => {
  harness = await startHarness()
})
test.after(async () => {
  await harness.close()
  assert.equal(harness.errors, [])
})

test('a request without a token is an anonymous one, with a wrong one a 401, and health needs none', async () => {
  const { url } = harness.server
  const bare = await fetch(`${url}/api/v1/pods`)
  assert.is(bare.status, 403)
  assert.match(
    ((await bare.json()) as { message: string }).message,
    /User "system:anonymous" cannot list resource "pods"/,
  )
  assert.is((await fetch(`${url}/api/v1/pods`, { headers: { authorization: 'Bearer b-token' } })).status, 401)
  assert.is((await fetch(`${url}/${TOKEN}/api/v1/pods`)).status, 200)
  assert.is((await fetch(`${url}/b-token/api/v1/pods`)).status, 403)
  for (const path of ['/readyz', '/livez']) assert.is((await fetch(url + path)).status, 200)
})

test('an object gets its identity on creation, and its name is taken from then on', async () => {
  const { ask } = harness
  const { status, body } = await ask('POST', MAPS, configMap('identity', { a: 'b' }))
  assert.is(status, 201)
  assert.match(body.metadata.uid, /^[0-9a-f-]{36}$/)
  assert.match(body.metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.ok(Number(body.metadata.resourceVersion) > 0)
  const again = await ask('POST', MAPS, configMap('identity'))
  assert.is(again.status, 409)
  assert.is(again.body.reason, 'AlreadyExists')
  assert.is(again.body.message, 'configmaps "identity" already exists')
})

test('generateName makes a name, no name at all is refused', async () => {
  const { ask } = harness
  const made = await ask('POST', MAPS, { metadata: { generateName: 'some-' } })
  assert.match(made.body.metadata.name, /^some-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  const none = await ask('POST', MAPS, { metadata: {} })
  assert.is(none.status, 422)
  assert.match(none.body.message, /metadata.name: Required value: name or generateName is required/)
  const bad = await ask('POST', MAPS, configMap('Not_A_Name'))
  assert.is(bad.status, 422)
  assert.match(
    bad.body.message,
    /ConfigMap "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123/,
  )
})

test('what is not there is a 404 with the real words', async () => {
  const { ask } = harness
  assert.is((await ask('GET', `${MAPS}/nobody`)).body.message, 'configmaps "nobody" not found')
  const set = await ask('GET', '/apis/apps/v1/namespaces/default/statefulsets/nobody')
  assert.is(set.body.message, 'statefulsets.apps "nobody" not found')
  assert.equal(set.body.details, { name: 'nobody', group: 'apps', kind: 'statefulsets' })
  assert.is(
    (await ask('POST', '/api/v1/namespaces/nowhere/configmaps', configMap('x'))).body.message,
    'namespaces "nowhere" not found',
  )
  assert.is((await ask('GET', '/apis/nothing.io/v1/things')).status, 404)
})

test('PUT with an old resourceVersion is a conflict, without one it wins', async () => {
  const { ask } = harness
  const first = (await ask('POST', MAPS, configMap('versions'))).body
  const second = await ask('PUT', `${MAPS}/versions`, { ...first, data: { n: '2' } })
  assert.is(second.status, 200)
  const stale = await ask('PUT', `${MAPS}/versions`, { ...first, data: { n: '3' } })
  assert.is(stale.status, 409)
  assert.is(
    stale.body.message,
    'Operation cannot be fulfilled on configmaps "versions": the object has been modified; please apply your changes to the latest version and try again',
  )
  const blind = await ask('PUT', `${MAPS}/versions`, configMap('versions', { n: '4' }))
  assert.is(blind.status, 200)
  assert.is(blind.body.metadata.uid, first.metadata.uid)
})

test('a write that changes nothing makes no new version', async () => {
  const { ask } = harness
  const first = (await ask('POST', MAPS, configMap('same', { a: '1' }))).body
  const merge = { 'content-type': 'application/merge-patch+json' }
  const patched = await ask('PATCH', `${MAPS}/same`, { data: { a: '1' } }, merge)
  assert.is(patched.body.metadata.resourceVersion, first.metadata.resourceVersion)
})

test('patches of all three kinds are taken, others refused clearly', async () => {
  const { ask } = harness
  await ask('POST', MAPS, configMap('patched', { a: '1' }))
  const patch = (type: string, body: unknown) =>
    ask('PATCH', `${MAPS}/patched`, body, { 'content-type': `application/${type}` })
  assert.equal((await patch('merge-patch+json', { data: { b: '2' } })).body.data, { a: '1', b: '2' })
  const operations = [{ op: 'remove', path: '/data/a' }]
  assert.equal((await patch('json-patch+json', operations)).body.data, { b: '2' })
  assert.equal((await patch('strategic-merge-patch+json', { data: { c: '3' } })).body.data, {
    b: '2',
    c: '3',
  })
  const refused = await patch('other-patch+yaml', 'data: {}')
  assert.is(refused.status, 415)
  assert.is(refused.body.message, '415: Unsupported Media Type')
})

test('twenty writers that patch at once all get through', async () => {
  const { ask } = harness
  await ask('POST', MAPS, configMap('crowd'))
  const merge = { 'content-type': 'application/merge-patch+json' }
  const writers = Array.from({ length: 20 }, (_, i) =>
    ask('PATCH', `${MAPS}/crowd`, { data: { [`k${i}`]: 'v' } }, merge),
  )
  for (const { status } of await Promise.all(writers)) assert.is(status, 200)
  assert.is(Object.keys((await ask('GET', `${MAPS}/crowd`)).body.data).length, 20)
})

test('dryRun checks everything and stores nothing', async () => {
  const { ask } = harness
  assert.is((await ask('POST', `${MAPS}?dryRun=All`, configMap('dry'))).status, 201)
  assert.is((await ask('GET', `${MAPS}/dry`)).status, 404)
  await ask('POST', MAPS, configMap('dry', { a: '1' }))
  const merge = { 'content-type': 'application/merge-patch+json' }
  assert.equal((await ask('PATCH', `${MAPS}/dry?dryRun=All`, { data: { a: '2' } }, merge)).body.data, {
    a: '2',
  })
  assert.equal((await ask('GET', `${MAPS}/dry`)).body.data, { a: '1' })
  await ask('DELETE', `${MAPS}/dry?dryRun=All`)
  assert.is((await ask('GET', `${MAPS}/dry`)).status, 200)
})

test('listings can be narrowed by labels, by fields and by namespace', async () => {
  const { ask } = harness
  await ask('POST', '/api/v1/namespaces', { metadata: { name: 'other' } })
  await ask('POST', MAPS, configMap('l1', {}, { set: 'one' }))
  await ask('POST', '/api/v1/namespaces/other/configmaps', configMap('l2', {}, { set: 'one' }))
  const names = async (path: string) =>
    (await ask('GET', path)).body.items.map((item: { metadata: { name: string } }) => item.metadata.name)
  assert.equal(await names('/api/v1/configmaps?labelSelector=set%3Done'), ['l1', 'l2'])
  assert.equal(await names(`${MAPS}?labelSelector=set%3Done`), ['l1'])
  assert.equal(await names('/api/v1/configmaps?labelSelector=set&fieldSelector=metadata.name%3Dl2'), ['l2'])
})

test('a pod is defaulted as kubectl users know it', async () => {
  const { body } = await harness.ask('POST', PODS, podOf('defaults'))
  const { spec } = body
  assert.is(spec.restartPolicy, 'Always')
  assert.is(spec.terminationGracePeriodSeconds, 30)
  assert.is(spec.dnsPolicy, 'ClusterFirst')
  assert.is(spec.containers[0].imagePullPolicy, 'IfNotPresent')
  assert.is(spec.containers[0].terminationMessagePath, '/dev/termination-log')
  assert.equal(body.status, { phase: 'Pending', qosClass: 'BestEffort' })
  assert.is(body.metadata.generation, 1)
})

test('the status of a pod is written apart from its spec', async () => {
  const { ask } = harness
  await ask('POST', PODS, podOf('split', 'node'))
  const merge = { 'content-type': 'application/merge-patch+json' }
  const ignored = await ask('PATCH', `${PODS}/split`, { status: { phase: 'Running' } }, merge)
  assert.is(ignored.body.status.phase, 'Pending')
  const path = `${PODS}/split/status`
  const written = await ask('PATCH', path, { status: { phase: 'Running' }, spec: { hostname: 'x' } }, merge)
  assert.is(written.body.status.phase, 'Running')
  assert.is(written.body.spec.hostname, undefined)
  assert.is(written.body.metadata.generation, 1)
})

test('a running pod goes only when its kubelet says so', async () => {
  const { ask } = harness
  await ask('POST', PODS, podOf('graceful', 'node'))
  const marked = await ask('DELETE', `${PODS}/graceful`)
  assert.is(marked.body.metadata.deletionGracePeriodSeconds, 30)
  const lastMs = Date.parse(marked.body.metadata.deletionTimestamp)
  assert.ok(lastMs > Date.now() + 20_000, 'deletionTimestamp is when the grace period ends')
  assert.is(marked.body.metadata.generation, 2)
  const again = await ask('DELETE', `${PODS}/graceful`, { gracePeriodSeconds: 60 })
  assert.is(again.body.metadata.deletionGracePeriodSeconds, 30, 'a grace period is never lengthened')
  assert.is((await ask('GET', `${PODS}/graceful`)).status, 200)
  const gone = await ask('DELETE', `${PODS}/graceful`, { gracePeriodSeconds: 0 })
  assert.is(gone.body.status, 'Success')
  assert.is((await ask('GET', `${PODS}/graceful`)).status, 404)
})

test('a pod that no kubelet knows goes at once', async () => {
  const { ask } = harness
  await ask('POST', PODS, podOf('unscheduled'))
  assert.is((await ask('DELETE', `${PODS}/unscheduled`)).body.status, 'Success')
  assert.is((await ask('GET', `${PODS}/unscheduled`)).status, 404)
})

test('the wrong uid protects a pod from being deleted in place of its predecessor', async () => {
  const { ask } = harness
  await ask('POST', PODS, podOf('precious'))
  const refused = await ask('DELETE', `${PODS}/precious`, { preconditions: { uid: 'another' } })
  assert.is(refused.status, 409)
  assert.match(refused.body.message, /the UID in the precondition \(another\) does not match/)
})

test('finalizers hold an object, and no new ones may come', async () => {
  const { ask } = harness
  await ask('POST', MAPS, { metadata: { name: 'held', finalizers: ['weir.test/hold'] } })
  const marked = await ask('DELETE', `${MAPS}/held`)
  assert.ok(marked.body.metadata.deletionTimestamp)
  const merge = { 'content-type': 'application/merge-patch+json' }
  const added = await ask(
    'PATCH',
    `${MAPS}/held`,
    { metadata: { finalizers: ['weir.test/hold', 'x/y'] } },
    merge,
  )
  assert.is(added.status, 422)
  assert.match(
    added.body.message,
    /no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"x\/y"\}/,
  )
  await ask('PATCH', `${MAPS}/held`, { metadata: { finalizers: null } }, merge)
  assert.is((await ask('GET', `${MAPS}/held`)).status, 404)
})

test('binding a pod names its node once and for all', async () => {
  const { ask } = harness
  await ask('POST', PODS, podOf('bound'))
  const binding = { target: { kind: 'Node', name: 'hollow' } }
  assert.is((await ask('POST', `${PODS}/bound/binding`, binding)).status, 201)
  const { body } = await ask('GET', `${PODS}/bound`)
  assert.is(body.spec.nodeName, 'hollow')
  assert.is(body.status.conditions[0].type, 'PodScheduled')
  const twice = await ask('POST', `${PODS}/bound/binding`, binding)
  assert.is(twice.status, 409)
  assert.match(twice.body.message, /pod bound is already assigned to node "hollow"/)
})

test('stringData of a secret is stored as data', async () => {
  const secret = { metadata: { name: 'secret' }, stringData: { password: 'public' } }
  const { body } = await harness.ask('POST', '/api/v1/namespaces/default/secrets', secret)
  assert.equal(body.data, { password: Buffer.from('public').toString('base64') })
  assert.is(body.stringData, undefined)
  assert.is(body.type, 'Opaque')
})

test('a namespace takes its objects with it', async () => {
  const { ask } = harness
  await ask('POST', '/api/v1/namespaces', { metadata: { name: 'doomed' } })
  await ask('POST', '/api/v1/namespaces/doomed/configmaps', configMap('inside'))
  assert.is((await ask('DELETE', '/api/v1/namespaces/doomed')).body.status.phase, 'Terminating')
  await eventually(
    async () => ((await ask('GET', '/api/v1/namespaces/doomed')).status === 404 ? true : undefined),
    'the namespace to go',
  )
  assert.is((await ask('GET', '/api/v1/namespaces/doomed/configmaps/inside')).status, 404)
  assert.is((await ask('DELETE', '/api/v1/namespaces/default')).status, 403)
})

test('a body that is no object, or another kind, is a 400', async () => {
  const { ask } = harness
  assert.is((await ask('POST', MAPS, '{')).status, 400)
  assert.is((await ask('POST', MAPS, '[]')).status, 400)
  const other = await ask('POST', MAPS, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } })
  assert.is(other.body.message, 'the kind in the data (Secret) does not match the expected kind (ConfigMap)')
  const protobuf = await ask('POST', MAPS, 'x', { 'content-type': 'application/vnd.kubernetes.protobuf' })
  assert.is(protobuf.status, 400)
})

test('YAML is taken as well', async () => {
  const { status, body } = await harness.ask('POST', MAPS, 'metadata:\n  name: yaml\ndata:\n  a: b\n', {
    'content-type': 'application/yaml',
  })
  assert.is(status, 201)
  assert.equal(body.data, { a: 'b' })
})

test('the port also speaks TLS, with the certificate of the kubeconfig', async () => {
  assert.match(harness.kube.server, /^https:/)
  const listed = await harness.kube.list({
    group: '',
    version: 'v1',
    plural: 'namespaces',
    kind: 'Namespace',
    namespaced: false,
  })
  assert.ok(listed.items.some((item) => item.metadata.name === 'default'))
})

test('a taken address is a one-line error with a code', async () => {
  const port = Number(new URL(harness.server.url).port)
  try {
    await startHarness({ port })
    assert.unreachable()
  } catch (error) {
    assert.is((error as { code: string }).code, 'WEIR_ADDRESS_IN_USE')
    assert.match((error as Error).message, new RegExp(`127.0.0.1:${port}`))
  }
})

test.run()
