import { X509Certificate } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readProtobuf } from '#weir/testbed/apiserver/protobuf/decode.ts'
import { selfSigned } from '#weir/testbed/tls/certificate.ts'
import { podOf, startHarness } from './harness.ts'

const PODS = '/api/v1/namespaces/default/pods'

/** A protobuf field of bytes or text, or of a number. */
function field(number: number, content: string | Buffer | number): Buffer {
  if (typeof content === 'number') return Buffer.from([number << 3, content])
  const body = Buffer.from(content)
  return Buffer.concat([Buffer.from([(number << 3) | 2, body.length]), body])
}
const envelope = (kind: string, ...fields: (Buffer | string)[]) => {
  const [apiVersion = 'v1'] = fields.filter((one) => typeof one === 'string')
  return Buffer.concat([
    Buffer.from('k8s\0'),
    field(1, Buffer.concat([field(1, apiVersion), field(2, kind)])),
    field(2, Buffer.concat(fields.filter((one) => typeof one !== 'string'))),
  ])
}
const pair = (key: string, value: string) => Buffer.concat([field(1, key), field(2, value)])

test('protobuf: a secret with its labels, and its data in base64', () => {
  const metadata = Buffer.concat([
    field(1, 's'),
    field(3, 'default'),
    field(11, pair('a', 'b')),
    field(11, pair('c', '')),
  ])
  const body = envelope(
    'Secret',
    field(1, metadata),
    field(2, pair('password', 'public')),
    field(3, 'Opaque'),
    field(5, 1),
  )
  assert.equal(readProtobuf(body), {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', namespace: 'default', labels: { a: 'b', c: '' } },
    data: { password: Buffer.from('public').toString('base64') },
    type: 'Opaque',
    immutable: true,
  })
})

test('protobuf: options of a deletion', () => {
  const body = envelope(
    'DeleteOptions',
    field(1, 0),
    field(2, field(1, 'uid')),
    field(4, 'Background'),
    field(5, 'All'),
  )
  assert.equal(readProtobuf(body), {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: 0,
    preconditions: { uid: 'uid' },
    propagationPolicy: 'Background',
    dryRun: ['All'],
  })
})

test('protobuf: unknown kinds and broken bodies are refused, whatever they hold', () => {
  const refused = (body: Buffer) => {
    try {
      readProtobuf(body)
    } catch (error) {
      const { code, message } = error as { code?: number; message: string }
      return `${code} ${message}`
    }
    return 'read'
  }
  assert.is(
    refused(envelope('Pox')),
    '400 no kind "Pox" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
  )
  assert.match(
    refused(envelope('EMQX', 'apps.emqx.io/v2beta1')),
    /^415 the body of the request was in an unknown/,
  )
  assert.match(refused(envelope('ConfigMap', field(1, 7))), /^400 .*wrong wireType = 0 for field metadata/)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.match(refused(envelope('ConfigMap', Buffer.from(bytes))), /^(400|read$)/)
    }),
  )
})

test('the certificate is for the address, signed by itself, and DER however its numbers fall', () => {
  for (let i = 0; i < 50; i++) {
    const certificate = new X509Certificate(selfSigned('127.3.0.1').certificate)
    assert.ok(certificate.checkIP('127.3.0.1'))
    assert.ok(certificate.checkHost('localhost'))
    assert.ok(certificate.verify(certificate.publicKey))
    assert.ok(certificate.ca)
  }
})

test('a request is handed on to the address of a pod', async () => {
  const harness = await startHarness()
  const emqx = http.createServer((request, response) => {
    const { authorization } = request.headers
    response.end(
      JSON.stringify({ method: request.method, url: request.url, authorization: authorization ?? null }),
    )
  })
  await new Promise<void>((resolve) => emqx.listen(0, '127.0.0.1', resolve))
  const { port } = emqx.address() as AddressInfo
  const { ask } = harness
  await ask('POST', PODS, podOf('ee-0', 'hollow'))
  const early = await ask('GET', `${PODS}/ee-0:${port}/proxy/status`)
  assert.is(early.status, 400)
  assert.is(early.body.message, 'address not allowed')
  await ask(
    'PATCH',
    `${PODS}/ee-0/status`,
    { status: { podIP: '127.0.0.1' } },
    { 'content-type': 'application/merge-patch+json' },
  )
  const response = await fetch(`${harness.server.url}${PODS}/ee-0:${port}/proxy/api/v4/nodes?x=1`, {
    headers: { authorization: 'Bearer a-token' },
  })
  assert.equal(await response.json(), { method: 'GET', url: '/api/v4/nodes?x=1', authorization: null })
  emqx.closeAllConnections()
  await new Promise((resolve) => emqx.close(resolve))
  const gone = await ask('GET', `${PODS}/ee-0:${port}/proxy/`)
  assert.is(gone.status, 503)
  assert.match(gone.body.message, /error trying to reach service/)
  await harness.close()
})

test('an eviction deletes the pod with its grace period', async () => {
  const harness = await startHarness()
  await harness.ask('POST', PODS, podOf('ee-0', 'hollow'))
  assert.is(
    (await harness.ask('POST', `${PODS}/ee-0/eviction`, { kind: 'Eviction', metadata: { name: 'ee-0' } }))
      .status,
    201,
  )
  assert.is((await harness.ask('GET', `${PODS}/ee-0`)).body.metadata.deletionGracePeriodSeconds, 30)
  await harness.close()
})

test('paths that make no sense are a 404, methods that do not fit a 405', async () => {
  const harness = await startHarness()
  for (const path of [
    '/',
    '/api/v1/%',
    '/api/v2/pods',
    '/apis/apps/v1/pods',
    '/api/v1/namespaces/default/nodes',
    '/api/v1/pods/x',
  ])
    assert.is((await harness.ask('GET', path)).status, 404, path)
  assert.is((await harness.ask('POST', `${PODS}/x`, {})).status, 405)
  assert.is((await harness.ask('PUT', PODS, {})).status, 405)
  assert.is((await harness.ask('GET', `${PODS}?labelSelector=a%20b`)).status, 400)
  assert.is((await harness.ask('GET', `${PODS}?fieldSelector=spec.colour%3Dred`)).status, 400)
  await harness.close()
})

test.run()
