import * as assert from 'uvu/assert'
import { type Cases, MERGE, refused, type World } from '../world.ts'
import { define, groupOf, widget, widgets } from './definition.ts'

const post = (world: World, spec: unknown) =>
  world.ask('POST', widgets(world), widget(world, 'one', spec as object))
const invalid = (world: World, text: string) => `Widget.${groupOf(world)} "one" is invalid: ${text}`

/** What a server adds where a schema has rules. */
const UNCHECKED =
  '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'
const withRules = (world: World, text: string) => invalid(world, `[${text}, ${UNCHECKED}]`)

/** How schemas and rules refuse an object. */
export const validationCases: Cases = {
  'a type that does not fit': async (world) => {
    await define(world)
    const answer = await post(world, { low: 'much' })
    refused(
      answer,
      422,
      'Invalid',
      withRules(
        world,
        'spec.low: Invalid value: "string": spec.low in body must be of type integer: "string"',
      ),
    )
    assert.equal(answer.body.details.causes[0], {
      reason: 'FieldValueTypeInvalid',
      message: 'Invalid value: "string": spec.low in body must be of type integer: "string"',
      field: 'spec.low',
    })
  },

  'a number out of its range': async (world) => {
    await define(world)
    refused(
      await post(world, { replicas: 11 }),
      422,
      'Invalid',
      invalid(
        world,
        'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
      ),
    )
    refused(
      await post(world, { high: -1 }),
      422,
      'Invalid',
      invalid(world, 'spec.high: Invalid value: -1: spec.high in body should be greater than or equal to 0'),
    )
  },

  'a value that is none of the list': async (world) => {
    await define(world)
    refused(
      await post(world, { size: 'huge' }),
      422,
      'Invalid',
      withRules(world, 'spec.size: Unsupported value: "huge": supported values: "small", "large"'),
    )
  },

  'a text that does not match, and one that is too long': async (world) => {
    await define(world)
    refused(
      await post(world, { name: 'A' }),
      422,
      'Invalid',
      invalid(world, 'spec.name: Invalid value: "A": spec.name in body should match \'^[a-z]+$\''),
    )
    refused(
      await post(world, { name: 'abcdef' }),
      422,
      'Invalid',
      withRules(world, 'spec.name: Too long: may not be more than 5 bytes'),
    )
  },

  'a required field that is missing': async (world) => {
    await define(world)
    refused(
      await post(world, { ports: [{ port: 1 }] }),
      422,
      'Invalid',
      /spec\.ports\[0\]\.name: Required value/,
    )
    const { spec: _, ...without } = widget(world, 'one')
    refused(
      await world.ask('POST', widgets(world), without),
      422,
      'Invalid',
      withRules(world, 'spec: Required value'),
    )
  },

  'a list that is too long, or holds a key twice': async (world) => {
    await define(world)
    const ports = ['a', 'b', 'c', 'd'].map((name) => ({ name }))
    refused(
      await post(world, { ports }),
      422,
      'Invalid',
      withRules(world, 'spec.ports: Too many: 4: must have at most 3 items'),
    )
    refused(
      await post(world, { ports: [{ name: 'a' }, { name: 'a' }] }),
      422,
      'Invalid',
      invalid(world, 'spec.ports[1]: Duplicate value: {"name":"a"}'),
    )
  },

  'every error is in the answer': async (world) => {
    await define(world)
    const answer = await post(world, { replicas: 11, size: 'huge' })
    refused(
      answer,
      422,
      'Invalid',
      /^Widget\.\S+ "one" is invalid: \[.*spec\.replicas.*, .*spec\.size.*\]$|^Widget\.\S+ "one" is invalid: \[.*spec\.size.*, .*spec\.replicas.*\]$/,
    )
    assert.is(answer.body.details.causes.length, 3)
    assert.is(answer.body.details.kind, 'Widget')
    assert.is(answer.body.details.group, groupOf(world))
  },

  'an integer or a string': async (world) => {
    await define(world)
    for (const port of [80, 'http']) {
      const { status } = await world.ask(
        'POST',
        `${widgets(world)}?dryRun=All`,
        widget(world, 'one', { port }),
      )
      assert.is(status, 201)
    }
    refused(
      await post(world, { port: true }),
      422,
      'Invalid',
      /spec\.port in body must be of type integer,string: "boolean"/,
    )
  },

  'a rule of two fields': async (world) => {
    await define(world)
    const answer = await post(world, { low: 2, high: 1 })
    refused(
      answer,
      422,
      'Invalid',
      invalid(world, 'spec: Invalid value: "object": low must not be above high'),
    )
    assert.equal(answer.body.details.causes, [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: "object": low must not be above high',
        field: 'spec',
      },
    ])
    assert.is((await post(world, { low: 1, high: 1 })).status, 201)
  },

  'a rule with a message, a reason and a place of its own': async (world) => {
    await define(world)
    const answer = await post(world, { name: 'taken' })
    refused(answer, 422, 'Invalid', invalid(world, 'spec.name: Duplicate value: "object"'))
    assert.is(answer.body.details.causes[0].reason, 'FieldValueDuplicate')
  },

  'a rule of the change': async (world) => {
    await define(world)
    assert.is((await post(world, { fixed: 'a' })).status, 201)
    const answer = await world.ask(
      'PATCH',
      widgets(world, 'one'),
      { spec: { fixed: 'b' } },
      { headers: MERGE },
    )
    refused(answer, 422, 'Invalid', invalid(world, 'spec.fixed: Invalid value: "string": fixed is fixed'))
    assert.is((await world.patch(widgets(world, 'one'), { spec: { low: 1 } })).spec.low, 1)
  },

  'a rule that cannot be compiled is refused with its definition': async (world) => {
    const { definitionOf, DEFINITIONS } = await import('./definition.ts')
    const definition = definitionOf(world)
    definition.spec.versions[0]!.schema.openAPIV3Schema.properties.spec['x-kubernetes-validations'].push({
      rule: 'self.nothing > 1',
      message: 'never',
    })
    refused(await world.ask('POST', DEFINITIONS, definition), 422, 'Invalid', /undefined field 'nothing'/)
  },
}
