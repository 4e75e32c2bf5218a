import * as assert from 'uvu/assert'
import type { World } from '../world.ts'

export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

const SPEC = {
  type: 'object',
  properties: {
    replicas: { type: 'integer', minimum: 0, maximum: 10, default: 3 },
    size: { type: 'string', enum: ['small', 'large'], default: 'small' },
    name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
    fixed: {
      type: 'string',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed is fixed' }],
    },
    port: { 'x-kubernetes-int-or-string': true },
    ports: {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string' },
          port: { type: 'integer' },
          protocol: { type: 'string', default: 'TCP' },
        },
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    extra: { type: 'object', additionalProperties: { type: 'string' } },
    low: { type: 'integer' },
    high: { type: 'integer', minimum: 0 },
    secret: { type: 'string', nullable: true },
  },
  'x-kubernetes-validations': [
    {
      rule: '!has(self.low) || !has(self.high) || self.low <= self.high',
      message: 'low must not be above high',
    },
    {
      rule: '!has(self.name) || self.name != "taken"',
      messageExpression: '"the name " + self.name + " is taken"',
      reason: 'FieldValueDuplicate',
      fieldPath: '.name',
    },
  ],
}

const STATUS = {
  type: 'object',
  properties: { replicas: { type: 'integer' }, selector: { type: 'string' }, phase: { type: 'string' } },
}

/** A definition of the case's own group, with all that the cases are about. */
export const definitionOf = (world: World) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${groupOf(world)}` },
  spec: {
    group: groupOf(world),
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: { spec: SPEC, status: STATUS },
          },
        },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'string', jsonPath: '.spec.size' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
})

export const groupOf = ({ namespace }: World) => `${namespace}.example.com`
export const widgets = (world: World, name = '') => world.path(`${groupOf(world)}/v1/widgets`, name)

export const widget = (world: World, name: string, spec: object = {}, more: object = {}) => ({
  apiVersion: `${groupOf(world)}/v1`,
  kind: 'Widget',
  metadata: { name },
  spec,
  ...more,
})

/** Creates the definition and waits until its resources are served. */
export async function define(world: World): Promise<void> {
  const { status, body } = await world.ask('POST', DEFINITIONS, definitionOf(world))
  assert.is(status, 201, JSON.stringify(body))
  await world.eventually('the resources of the definition', async () => {
    // A real server answers 404 for moments more, in turn.
    const answers = await Promise.all([1, 2, 3].map(() => world.get(widgets(world))))
    return answers.every((answer) => answer.status === 200)
  })
}
