import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { REDACTED, withoutSecrets } from '#weir/record/index.ts'

test('a Secret keeps the names of its keys and nothing of what they hold', () => {
  const secret = {
    kind: 'Secret',
    metadata: { name: 'emqx-ee-license', managedFields: [{}] },
    data: { 'emqx.lic': 'bGljZW5jZQ==' },
    stringData: { password: 'public' },
  }
  assert.equal(withoutSecrets(secret), {
    kind: 'Secret',
    metadata: { name: 'emqx-ee-license' },
    data: { 'emqx.lic': REDACTED },
    stringData: { password: REDACTED },
  })
})

test('secrets are found wherever an object may hide one', () => {
  const text = JSON.stringify(
    withoutSecrets({
      kind: 'EmqxEnterprise',
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"a":"hidden-1"}}',
        },
      },
      spec: {
        license: { stringData: 'hidden-2', secretName: 'kept-name' },
        bootstrapAPIKeys: [{ key: 'kept-key', secret: 'hidden-3' }],
        template: {
          spec: {
            emqxContainer: {
              emqxConfig: { 'dashboard.default_user.password': 'hidden-4', 'log.level': 'kept-level' },
              env: [
                { name: 'EMQX_DASHBOARD__DEFAULT_PASSWORD', value: 'hidden-5' },
                { name: 'EMQX_LICENSE__KEY', value: 'hidden-6' },
                { name: 'EMQX_NAME', value: 'kept-env' },
                { name: 'FROM', valueFrom: { secretKeyRef: { name: 'kept-ref', key: 'password' } } },
              ],
            },
          },
        },
        config: {
          data: 'dashboard { default_password = "hidden-7" }\nlicense { key = hidden-8 }\nname = kept-hocon',
        },
      },
    }),
  )
  assert.not.match(text, /hidden/)
  for (const kept of ['name', 'key', 'level', 'env', 'ref', 'hocon'])
    assert.match(text, new RegExp(`kept-${kept}`))
})

test('the object itself is left as it was', () => {
  const object = { kind: 'Secret', data: { a: 'b' } }
  withoutSecrets(object)
  assert.is(object.data.a, 'b')
})

test('what is no object passes', () => {
  assert.is(withoutSecrets(undefined), undefined)
  assert.is(withoutSecrets('text'), 'text')
})

test.run()
