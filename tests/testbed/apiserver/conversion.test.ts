import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { projectFile } from '../../support/project-file.ts'
import { harness, watchLines, withHarness } from './harness.ts'

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const pathOf = (version: string) => `/apis/apps.emqx.io/${version}/namespaces/default/emqxenterprises`
const [OLD, STORED] = [pathOf('v1beta3'), pathOf('v1beta4')]
const MERGE = { 'content-type': 'application/merge-patch+json' }
const GVK = 'apps.emqx.io/v1beta3, Kind=EmqxEnterprise'

interface Enterprise {
  apiVersion: string
  metadata: { name: string; labels?: Record<string, string>; uid?: string }
  spec: { replicas?: number }
}
interface Review {
  apiVersion: string
  kind: string
  request: { uid: string; desiredAPIVersion: string; objects: Enterprise[] }
}

let hook: http.Server
let reviews: Review['request'][]
/** The response to a review, but for its uid. */
let answer: (request: Review['request']) => object

/** A conversion that leaves its mark: the version that it was made from, as a label. */
function convert({ desiredAPIVersion, objects }: Review['request']) {
  const convertedObjects = objects.map((object) => ({
    ...object,
    apiVersion: desiredAPIVersion,
    metadata: { ...object.metadata, labels: { from: object.apiVersion.split('/')[1]! } },
  }))
  return { convertedObjects, result: { status: 'Success' } }
}

withHarness(test)
test.before.each(async () => {
  reviews = []
  answer = convert
  hook = http.createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { request: review, ...typeMeta } = JSON.parse(text) as Review
    reviews.push(review)
    response.end(JSON.stringify({ ...typeMeta, response: { uid: review.uid, ...answer(review) } }))
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
  await harness.ask('POST', DEFINITIONS, definition())
})
test.after.each(async () => {
  hook.closeAllConnections()
  await new Promise((resolve) => hook.close(resolve))
})

const url = () => `http://127.0.0.1:${(hook.address() as AddressInfo).port}/convert`

/** That of operator 2.2.29, whose webhook converts v1beta3, with the test's webhook in its place. */
function definition() {
  const file = projectFile('tests/fixtures/crds/emqxenterprises-2.2.29.yaml.gz')
  const object = parse(gunzipSync(readFileSync(file)).toString())
  const webhook = { clientConfig: { url: url() }, conversionReviewVersions: ['v1'] }
  object.spec.conversion = { strategy: 'Webhook', webhook }
  return object
}

const enterprise = (name: string): Enterprise => ({
  apiVersion: 'apps.emqx.io/v1beta3',
  metadata: { name },
  spec: { replicas: 3 },
})
const stored = (name: string) => ({
  ...enterprise(name),
  apiVersion: 'apps.emqx.io/v1beta4',
  spec: {
    replicas: 3,
    template: { spec: { emqxContainer: { image: { repository: 'emqx/emqx-ee', version: '4.4.14' } } } },
  },
})

test('what is written in another version is converted, stored, and answered as it was written', async () => {
  const { ask } = harness
  const made = await ask('POST', OLD, enterprise('ee'))
  assert.is(made.status, 201, made.body.message)
  assert.is(made.body.apiVersion, 'apps.emqx.io/v1beta3')
  assert.is(made.body.metadata.labels, undefined)
  assert.equal(
    reviews.map(({ desiredAPIVersion, objects }) => [
      desiredAPIVersion,
      objects.map((one) => one.apiVersion),
    ]),
    [['apps.emqx.io/v1beta4', ['apps.emqx.io/v1beta3']]],
  )
  const { body } = await ask('GET', `${STORED}/ee`)
  assert.is(body.apiVersion, 'apps.emqx.io/v1beta4')
  assert.is(body.metadata.resourceVersion, made.body.metadata.resourceVersion)
  assert.equal(body.metadata.labels, { from: 'v1beta3' })
  const patched = await ask('PATCH', `${OLD}/ee`, { spec: { replicas: 5 } }, MERGE)
  assert.is(patched.body.metadata.generation, 2)
  assert.equal(
    reviews.map(({ desiredAPIVersion }) => desiredAPIVersion.split('/')[1]),
    ['v1beta4', 'v1beta3', 'v1beta4'],
  )
  assert.is((await ask('GET', `${STORED}/ee`)).body.spec.replicas, 5)
})

test('what is read and watched in another version is converted; the stored version never is', async () => {
  const { ask } = harness
  const before = (await ask('GET', STORED)).body.metadata.resourceVersion
  for (const name of ['a', 'b']) assert.is((await ask('POST', STORED, stored(name))).status, 201)
  await ask('GET', STORED)
  await ask('PATCH', `${STORED}/a`, { spec: { replicas: 4 } }, MERGE)
  assert.is(reviews.length, 0)
  const one = (await ask('GET', `${OLD}/a`)).body
  assert.is(one.apiVersion, 'apps.emqx.io/v1beta3')
  assert.equal(one.metadata.labels, { from: 'v1beta4' })
  const { items } = (await ask('GET', OLD)).body as { items: Enterprise[] }
  assert.equal(
    items.map(({ apiVersion, metadata }) => [apiVersion, metadata.name]),
    [
      ['apps.emqx.io/v1beta3', 'a'],
      ['apps.emqx.io/v1beta3', 'b'],
    ],
  )
  const seen: string[] = []
  for await (const { type, object } of watchLines(harness, `${OLD}?watch=1&resourceVersion=${before}`)) {
    seen.push(`${type} ${object.metadata.name} ${object.apiVersion}`)
    if (seen.length === 3) break
  }
  assert.equal(seen, [
    'ADDED a apps.emqx.io/v1beta3',
    'ADDED b apps.emqx.io/v1beta3',
    'MODIFIED a apps.emqx.io/v1beta3',
  ])
  assert.is((await ask('DELETE', `${OLD}/b`)).body.status, 'Success')
})

test('a webhook changes labels and annotations, and no other metadata', async () => {
  const { ask } = harness
  const { uid } = (await ask('POST', STORED, stored('a'))).body.metadata
  answer = (request) => {
    const { convertedObjects, result } = convert(request)
    for (const object of convertedObjects)
      Object.assign(object.metadata, { finalizers: ['x'], generation: 9 })
    return { convertedObjects, result }
  }
  const { metadata } = (await ask('GET', `${OLD}/a`)).body
  assert.equal([metadata.uid, metadata.generation, metadata.finalizers], [uid, 1, undefined])
})

test('what a webhook does wrong is a 500 in the words of the real server', async () => {
  const { ask } = harness
  await ask('POST', STORED, stored('a'))
  const said = async (wrong: typeof answer) => {
    answer = wrong
    const { status, body } = await ask('GET', `${OLD}/a`)
    assert.equal([status, body.reason], [500, undefined])
    return body.message
  }
  const webhook = `conversion webhook for ${GVK.replace('v1beta3', 'v1beta4')}`
  const changed = (change: object) => (request: Review['request']) => {
    const { convertedObjects, result } = convert(request)
    return { convertedObjects: convertedObjects.map((object) => ({ ...object, ...change })), result }
  }
  assert.is(
    await said(() => ({ result: { status: 'Failure', message: 'no licence' } })),
    `${webhook} failed: no licence`,
  )
  assert.is(
    await said(() => ({ result: {} })),
    `${webhook} failed: response.result.status was '', expected 'Success'`,
  )
  assert.match(await said(() => ({ uid: 'other' })), /failed: expected response.uid="[^"]+", got "other"$/)
  assert.is(
    await said(() => ({ convertedObjects: [], result: { status: 'Success' } })),
    `${webhook} returned 0 objects, expected 1`,
  )
  assert.is(
    await said(changed({ apiVersion: 'apps.emqx.io/v1' })),
    `${webhook} returned invalid converted object at index 0: invalid groupVersion (expected apps.emqx.io/v1beta3, received apps.emqx.io/v1)`,
  )
  assert.is(
    await said(changed({ metadata: { name: 'b', namespace: 'default' } })),
    `${webhook} returned invalid converted object at index 0: must have the same name: a != b`,
  )
})

test('a webhook that cannot be reached fails writes, and ends a watch with an error', async () => {
  const { ask } = harness
  await ask('POST', STORED, stored('a'))
  hook.closeAllConnections()
  await new Promise((resolve) => hook.close(resolve))
  const made = await ask('POST', OLD, enterprise('b'))
  assert.is(made.status, 500)
  assert.match(made.body.message, new RegExp(`^conversion webhook for ${GVK} failed: Post "http`))
  assert.is((await ask('GET', `${STORED}/b`)).status, 404)
  const events: string[] = []
  for await (const { type } of watchLines(harness, `${OLD}?watch=1`)) events.push(type)
  assert.equal(events, ['ERROR'])
})

test.run()
