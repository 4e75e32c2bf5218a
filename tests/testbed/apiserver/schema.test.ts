import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { showField } from '#weir/testbed/apiserver/field-error.ts'
import { clone } from '#weir/testbed/apiserver/json.ts'
import { applyDefaults, prune } from '#weir/testbed/apiserver/schema/pruning.ts'
import type { Schema } from '#weir/testbed/apiserver/schema/types.ts'
import { validateSchema } from '#weir/testbed/apiserver/schema/validation.ts'

const errorsOf = (value: unknown, schema: Schema) => validateSchema(value, schema, 'spec').map(showField)

const TABLE: [string, unknown, Schema, string[]][] = [
  [
    'type',
    'x',
    { type: 'integer' },
    ['spec: Invalid value: "string": spec in body must be of type integer: "string"'],
  ],
  ['integer is a number', 1, { type: 'number' }, []],
  [
    'number is no integer',
    1.5,
    { type: 'integer' },
    ['spec: Invalid value: "number": spec in body must be of type integer: "number"'],
  ],
  [
    'null',
    null,
    { type: 'string' },
    ['spec: Invalid value: "null": spec in body must be of type string: "null"'],
  ],
  ['nullable', null, { type: 'string', nullable: true }, []],
  [
    'enum',
    'c',
    { type: 'string', enum: ['a', 'b'] },
    ['spec: Unsupported value: "c": supported values: "a", "b"'],
  ],
  [
    'minimum',
    0,
    { type: 'integer', minimum: 1 },
    ['spec: Invalid value: 0: spec in body should be greater than or equal to 1'],
  ],
  [
    'maximum',
    9,
    { type: 'integer', maximum: 5 },
    ['spec: Invalid value: 9: spec in body should be less than or equal to 5'],
  ],
  [
    'exclusive',
    1,
    { type: 'integer', minimum: 1, exclusiveMinimum: true },
    ['spec: Invalid value: 1: spec in body should be greater than 1'],
  ],
  [
    'int32',
    2 ** 31,
    { type: 'integer', format: 'int32' },
    ['spec: Invalid value: 2147483648: spec in body must be of type int32: "integer"'],
  ],
  [
    'minLength',
    'ab',
    { type: 'string', minLength: 3 },
    ['spec: Invalid value: "ab": spec in body should be at least 3 chars long'],
  ],
  ['maxLength', 'abcd', { type: 'string', maxLength: 3 }, ['spec: Too long: may not be more than 3 bytes']],
  [
    'pattern',
    'A',
    { type: 'string', pattern: '^[a-z]+$' },
    ['spec: Invalid value: "A": spec in body should match \'^[a-z]+$\''],
  ],
  [
    'byte',
    '!',
    { type: 'string', format: 'byte' },
    ['spec: Invalid value: "!": spec in body must be of type byte: "!"'],
  ],
  ['date-time', '2026-01-01T00:00:00Z', { type: 'string', format: 'date-time' }, []],
  ['required', {}, { type: 'object', required: ['a'] }, ['spec.a: Required value']],
  [
    'items',
    [1, 'x'],
    { type: 'array', items: { type: 'integer' } },
    ['spec[1]: Invalid value: "string": spec[1] in body must be of type integer: "string"'],
  ],
  ['maxItems', [1, 2], { type: 'array', maxItems: 1 }, ['spec: Too many: 2: must have at most 1 items']],
  [
    'values',
    { k: 1 },
    { type: 'object', additionalProperties: { type: 'string' } },
    ['spec.k: Invalid value: "integer": spec.k in body must be of type string: "integer"'],
  ],
  [
    'int or string',
    true,
    { 'x-kubernetes-int-or-string': true },
    ['spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"'],
  ],
  [
    'anyOf',
    'x',
    { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    [],
  ],
  [
    'oneOf',
    1,
    { oneOf: [{ type: 'integer' }, { type: 'number' }] },
    ['spec: Invalid value: 1: spec in body must validate one and only one schema (oneOf). Found 2 valid'],
  ],
]

for (const [what, value, schema, expected] of TABLE)
  test(`validation: ${what}`, () => {
    assert.equal(errorsOf(value, schema), expected)
  })

test('items of a map list are duplicates when their keys are equal', () => {
  const schema: Schema = {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['port', 'protocol'],
  }
  const ports = [
    { port: 1, protocol: 'TCP' },
    { port: 1, protocol: 'UDP' },
    { port: 1, protocol: 'TCP', name: 'x' },
  ]
  assert.equal(errorsOf(ports, schema), ['spec[2]: Duplicate value: {"port":1,"protocol":"TCP"}'])
})

const schema: Schema = {
  type: 'object',
  properties: {
    replicas: { type: 'integer', default: 3 },
    image: { type: 'object', properties: { pullPolicy: { type: 'string', default: 'IfNotPresent' } } },
    ports: {
      type: 'array',
      items: { type: 'object', properties: { protocol: { type: 'string', default: 'TCP' } } },
    },
    free: {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { known: { type: 'object' } },
    },
    map: { type: 'object', additionalProperties: { type: 'object', properties: { a: { type: 'string' } } } },
    maybe: { type: 'string', nullable: true, default: 'x' },
    embedded: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      properties: { spec: { type: 'object' } },
    },
  },
}

test('defaults reach into what is there, and make no parents', () => {
  const value = { ports: [{}, { protocol: 'UDP' }] }
  applyDefaults(value, schema)
  assert.equal(value, { ports: [{ protocol: 'TCP' }, { protocol: 'UDP' }], replicas: 3, maybe: 'x' })
})

test('null is replaced by a default, dropped without one, and kept where it is allowed', () => {
  const value = { replicas: null, image: null, maybe: null }
  applyDefaults(value, schema)
  assert.equal(value, { replicas: 3, maybe: null })
})

test('pruning drops what is unknown and says what it dropped', () => {
  const value = {
    extra: 1,
    ports: [{ name: 'x', protocol: 'TCP' }],
    free: { anything: { at: 'all' }, known: { gone: 1 } },
    map: { k: { a: 'b', c: 'd' } },
    embedded: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n' }, spec: { gone: 1 }, gone: 1 },
  }
  const dropped = prune(value, schema, '', true)
  assert.equal(value, {
    ports: [{ protocol: 'TCP' }],
    free: { anything: { at: 'all' }, known: {} },
    map: { k: { a: 'b' } },
    embedded: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n' }, spec: {} },
  } as unknown as typeof value)
  assert.equal(dropped.sort(), [
    'embedded.gone',
    'embedded.spec.gone',
    'extra',
    'free.known.gone',
    'map.k.c',
    'ports[0].name',
  ])
})

const anything = fc.object({
  maxDepth: 3,
  key: fc.constantFrom('replicas', 'image', 'ports', 'free', 'map', 'maybe', 'protocol', 'z'),
})

test('pruning and defaulting twice is the same as once, on anything', () => {
  fc.assert(
    fc.property(anything, (given) => {
      const once = clone(given)
      prune(once, schema)
      applyDefaults(once, schema)
      const twice = clone(once)
      assert.equal(prune(twice, schema), [])
      applyDefaults(twice, schema)
      assert.equal(twice, once)
    }),
  )
})

test('what a schema of one type accepts has that type', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const accepted = (type: string) => validateSchema(value, { type }, 'x').length === 0
      assert.is(accepted('string'), typeof value === 'string')
      assert.is(accepted('boolean'), typeof value === 'boolean')
      assert.is(accepted('array'), Array.isArray(value))
      assert.is(accepted('number'), typeof value === 'number')
    }),
  )
})

test.run()
