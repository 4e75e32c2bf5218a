import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Rule, Schema } from '#weir/testbed/apiserver/schema/types.ts'
import { harness, withHarness } from './harness.ts'

withHarness(test)

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const THINGS = '/apis/weir.test/v1/namespaces/default/things'
const MERGE = { 'content-type': 'application/merge-patch+json' }

const text: Schema = { type: 'string' }
const number: Schema = { type: 'integer' }

const define = (spec: Schema) =>
  harness.ask('POST', DEFINITIONS, {
    metadata: { name: 'things.weir.test' },
    spec: {
      group: 'weir.test',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  })

const PROPERTIES: Record<string, Schema> = {
  replicas: number,
  min: number,
  name: text,
  'a-b': text,
  if: text,
  port: { 'x-kubernetes-int-or-string': true },
  ratio: { type: 'number' },
  when: { type: 'string', format: 'date-time' },
  tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
  labels: { type: 'object', additionalProperties: text },
}

/** What the server says to a spec under one rule: undefined when it takes it. */
async function said(rule: string | Rule, spec: object): Promise<string | undefined> {
  const rules = [typeof rule === 'string' ? { rule } : rule]
  await harness.ask('DELETE', `${DEFINITIONS}/things.weir.test`)
  for (;;) {
    const made = await define({ type: 'object', properties: PROPERTIES, 'x-kubernetes-validations': rules })
    if (made.status === 201) assert.is(made.headers.get('warning'), null, JSON.stringify(rule))
    if (made.status === 201) break
  }
  const { status, body } = await harness.ask('POST', THINGS, { metadata: { name: 't' }, spec })
  return status === 201 ? undefined : `${status} ${body.message}`
}

const RIGHT: [string, object][] = [
  ['has(self.min) && has(self.replicas) ? self.min <= self.replicas : true', { min: 1 }],
  ['size(self.tags) == 2 && self.tags.all(t, t.startsWith("x"))', { tags: ['x1', 'x2'] }],
  ['self.tags.exists(t, t in ["a", "b"])', { tags: ['b'] }],
  ['self.name.matches("^[a-z]+$")', { name: 'emqx' }],
  ['self.a__dash__b == "c" && self.__if__ == "d"', { 'a-b': 'c', if: 'd' }],
  ['type(self.port) == int ? self.port > 1024 : self.port.endsWith("%")', { port: 1883 }],
  ['type(self.port) == int ? self.port > 1024 : self.port.endsWith("%")', { port: '5%' }],
  ['self.ratio < 2.0', { ratio: 1 }],
  ['self.when > timestamp("2026-01-01T00:00:00Z")', { when: '2026-02-01T00:00:00Z' }],
  ['self.labels.all(key, self.labels[key] != "")', { labels: { 'a-b': 'c' } }],
]
for (const [rule, spec] of RIGHT)
  test(`a rule that holds: ${rule} of ${JSON.stringify(spec)}`, async () => {
    assert.is(await said(rule, spec), undefined)
  })

test('what breaks a rule is refused in the words of the real server', async () => {
  const invalid = (field: string, detail: string) => `422 Thing.weir.test "t" is invalid: ${field}: ${detail}`
  assert.is(
    await said('self.replicas > 2', { replicas: 1 }),
    invalid('spec', 'Invalid value: "object": failed rule: self.replicas > 2'),
  )
  assert.is(
    await said({ rule: 'self.replicas > 2', message: 'too few' }, { replicas: 1 }),
    invalid('spec', 'Invalid value: "object": too few'),
  )
  const counted = { rule: 'self.replicas > 2', messageExpression: '"only " + string(self.replicas)' }
  assert.is(await said(counted, { replicas: 1 }), invalid('spec', 'Invalid value: "object": only 1'))
  const without = { ...counted, message: 'too few', messageExpression: 'self.name' }
  assert.is(await said(without, { replicas: 1 }), invalid('spec', 'Invalid value: "object": too few'))
  const reason = { rule: 'has(self.name)', reason: 'FieldValueRequired', fieldPath: '.name', message: 'say' }
  assert.is(await said(reason, {}), invalid('spec.name', 'Required value: say'))
  assert.is(
    await said('self.replicas > 2', {}),
    invalid('spec', 'Invalid value: "object": no such key: replicas evaluating rule: self.replicas > 2'),
  )
  assert.match(
    (await said('self.replicas > 2', { replicas: 'x' })) ?? '',
    /<nil>: Invalid value: null: some validation rules were not checked because the object was invalid;/,
  )
})

test('transition rules compare with the value before, and old values that a new rule forbids may stay', async () => {
  const { ask } = harness
  const schema = (rules: Rule[]): Schema => ({
    type: 'object',
    properties: {
      ...PROPERTIES,
      listeners: {
        ...{ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
        items: {
          ...{ type: 'object', properties: { name: text, port: number } },
          'x-kubernetes-validations': [{ rule: 'self.port == oldSelf.port', message: 'a port stays' }],
        },
      },
    },
    'x-kubernetes-validations': rules,
  })
  await define(schema([{ rule: '!has(oldSelf.name) || self.name == oldSelf.name', message: 'immutable' }]))
  const listeners = [
    { name: 'tcp', port: 1883 },
    { name: 'ssl', port: 8883 },
  ]
  assert.is(
    (await ask('POST', THINGS, { metadata: { name: 't' }, spec: { name: 'a', listeners } })).status,
    201,
  )
  const patch = (spec: object) => ask('PATCH', `${THINGS}/t`, { spec }, MERGE)
  assert.is((await patch({ replicas: 1 })).status, 200)
  assert.match((await patch({ name: 'b' })).body.message, /spec: Invalid value: "object": immutable$/)
  assert.is((await patch({ listeners: [...listeners].reverse() })).status, 200)
  assert.match(
    (await patch({ listeners: [{ name: 'ssl', port: 1 }, listeners[0]] })).body.message,
    /spec\.listeners\[0\]: Invalid value: "object": a port stays$/,
  )
  const path = `${DEFINITIONS}/things.weir.test`
  const { body } = await ask('GET', path)
  body.spec.versions[0].schema.openAPIV3Schema.properties.spec = schema([{ rule: 'self.replicas > 5' }])
  await ask('PUT', path, body)
  assert.is((await patch({ min: 1 })).status, 200)
})

test('a rule with an unknown function is a warning, and is not evaluated', async () => {
  const made = await define({
    type: 'object',
    properties: PROPERTIES,
    'x-kubernetes-validations': [{ rule: 'quantity(self.name).isGreaterThan(quantity("1"))' }],
  })
  assert.is(made.status, 201)
  assert.match(made.headers.get('warning') ?? '', /a rule is not evaluated by this server: .*quantity/)
  assert.is((await harness.ask('POST', THINGS, { metadata: { name: 't' }, spec: { name: '0' } })).status, 201)
})

test.run()
