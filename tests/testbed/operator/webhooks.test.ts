import { request } from 'node:https'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import type { EmulatedLine } from '#weir/facts/index.ts'
import { mergePatch } from '#weir/testbed/apiserver/operations/patch.ts'
import { applyDefaults } from '#weir/testbed/apiserver/schema/pruning.ts'
import type { Schema } from '#weir/testbed/apiserver/schema/types.ts'
import { definitions } from '#weir/testbed/operator/crds.ts'
import { LINES } from '#weir/testbed/operator/lines.ts'
import type { EmqxEnterprise } from '#weir/testbed/operator/v1beta4/types.ts'
import { withDefaults } from '#weir/testbed/operator/v1beta4/webhooks/mutate.ts'
import { startWebhookServer, VALIDATE_PATH } from '#weir/testbed/operator/v1beta4/webhooks/server.ts'
import { refusal, validate } from '#weir/testbed/operator/v1beta4/webhooks/validate.ts'
import { fixture, recordedWatch } from './recording.ts'

const base = () => parse(fixture('samples/00-base-bluegreen-nodeport.yaml')) as EmqxEnterprise
const patched = (cr: EmqxEnterprise, name: string) =>
  mergePatch(cr, parse(fixture(`samples/${name}`))) as EmqxEnterprise
const stored = (line: EmulatedLine = '2.1.2') => withDefaults(base(), LINES[line])

/** What the recording's scenario applied, from what the API server then held. */
function applied(recorded: EmqxEnterprise, nodePort: number): EmqxEnterprise {
  const cr = base()
  cr.metadata.namespace = recorded.metadata.namespace ?? 'default'
  cr.spec.blueGreenUpdate = recorded.spec.blueGreenUpdate
  const [port] = cr.spec.serviceTemplate?.spec?.ports ?? []
  if (port !== undefined) port.nodePort = nodePort
  return cr
}

for (const [line, nodePort] of [
  ['2.1.2', 32026],
  ['2.2.29', 32021],
] as const)
  test(`${line}: schema defaults and webhook defaults make of the recorded resource what the API server held`, () => {
    const recorded = recordedWatch(line).find(({ kind }) => kind === 'CR')?.object as EmqxEnterprise
    const cr = applied(recorded, nodePort)
    const definition = definitions(LINES[line])[0] as unknown as {
      spec: { versions: { schema: { openAPIV3Schema: Schema } }[] }
    }
    const schema = definition.spec.versions[0]?.schema.openAPIV3Schema ?? {}
    applyDefaults(cr, schema)
    const result = withDefaults(cr, LINES[line])
    assert.equal(result.metadata.labels, recorded.metadata.labels)
    assert.equal(result.spec, recorded.spec)
  })

test('defaults are stable: a second time changes nothing', () => {
  for (const line of Object.values(LINES)) {
    const once = withDefaults(base(), line)
    assert.equal(withDefaults(once, line), once)
  }
})

test('labels and annotations of the resource reach the pods, but never overwrite what the template has', () => {
  const cr = base()
  cr.metadata.annotations = { team: 'ops', 'kubectl.kubernetes.io/last-applied-configuration': '{}' }
  cr.spec.template.metadata = { annotations: { team: 'mqtt' } }
  const { template } = withDefaults(cr, LINES['2.1.2']).spec
  assert.equal(template.metadata?.annotations, { team: 'mqtt' })
  assert.is(template.metadata?.labels?.['apps.emqx.io/instance'], 'emqx-ee')
})

test("the documentation's own trigger is refused in the operator's words", () => {
  const words = 'refuse to update the "name" field in ".spec.template.spec.emqxContainer.emqxConfig"'
  assert.is(refusal(patched(stored(), '20-bad-trigger-node-name.patch.yaml'), stored()), words)
  const review = validate({
    request: {
      uid: 'u',
      operation: 'UPDATE',
      object: patched(stored(), '20-bad-trigger-node-name.patch.yaml'),
      oldObject: stored(),
    },
  })
  assert.equal(review.response, {
    uid: 'u',
    allowed: false,
    status: { code: 403, reason: words, message: words },
  })
})

test('versions: only 4.4.14 up to 5.0.0', () => {
  const version = (text: string) => {
    const cr = stored()
    if (cr.spec.template.spec.emqxContainer.image) cr.spec.template.spec.emqxContainer.image.version = text
    return refusal(cr)
  }
  assert.is(version('4.4.14'), undefined)
  assert.is(version('4.4.999'), undefined)
  assert.is(version('4.4.9'), 'image version 4.4.9 is too old, please upgrade to 4.4.14 or later')
  assert.is(version('4.4.14-rc.1'), 'image version 4.4.14-rc.1 is too old, please upgrade to 4.4.14 or later')
  assert.is(version('5.0.0'), 'image version 5.0.0 is too new, please downgrade to 5.0.0 earlier')
  assert.is(version('latest'), 'image version can not be latest')
  assert.is(version('4.4.x'), 'invalid image version: 4.4.x')
})

test('what was fixed at the creation stays: cluster settings, storage, keys; other settings may change', () => {
  const change = (fields: object) =>
    refusal(mergePatch(stored(), { spec: fields }) as EmqxEnterprise, stored())
  const container = (fields: object) => change({ template: { spec: { emqxContainer: fields } } })
  assert.is(
    container({ emqxConfig: { 'cluster.discovery': 'static' } }),
    'refuse to update the "^cluster.*$" field in ".spec.template.spec.emqxContainer.emqxConfig"',
  )
  assert.is(change({ persistent: { spec: {} } }), 'refuse to update Persistent ')
  assert.is(
    container({ bootstrapAPIKeys: [{ key: 'a', secret: 'bcd' }] }),
    'bootstrap APIKey cannot be updated',
  )
  assert.is(container({ emqxConfig: { 'listener.tcp.external.max_connections': '2048' } }), undefined)
  assert.is(container({ image: { version: '4.4.19' } }), undefined)
})

function send(
  { url, certificate }: { url: string; certificate: string },
  path: string,
  body: string,
): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, { method: 'POST', ca: certificate }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

test('the server answers reviews over TLS and nothing else', async () => {
  const server = await startWebhookServer('127.0.0.1', 0, LINES['2.1.2'])
  try {
    const post = (path: string, body: string) => send(server, path, body)
    const review = { uid: '1', operation: 'CREATE', object: stored() }
    const answer = await post(VALIDATE_PATH, JSON.stringify({ request: review }))
    assert.equal((JSON.parse(answer.text) as { response: unknown }).response, { uid: '1', allowed: true })
    assert.is((await post('/elsewhere', '{}')).status, 404)
    assert.is((await post(VALIDATE_PATH, 'no json')).status, 400)
  } finally {
    await server.close()
  }
})

test.run()
