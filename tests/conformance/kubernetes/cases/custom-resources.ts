import * as assert from 'uvu/assert'
import { APPLY, type Cases, MERGE, refused, STRATEGIC, type World } from '../world.ts'
import { DEFINITIONS, define, definitionOf, groupOf, widget, widgets } from './definition.ts'

async function made(world: World, name: string, spec: object = {}, more: object = {}) {
  const { status, body } = await world.ask('POST', widgets(world), widget(world, name, spec, more))
  assert.is(status, 201, JSON.stringify(body))
  return body
}

/** Resources of a definition: defaults, pruning, subresources, generation. */
export const customCases: Cases = {
  'a definition is accepted, established, and in discovery': async (world) => {
    await define(world)
    const { status, metadata } = await world.read(`${DEFINITIONS}/widgets.${groupOf(world)}`)
    const conditions = Object.fromEntries(
      status.conditions.map(({ type, status, reason }: Record<string, string>) => [
        type,
        `${status} ${reason}`,
      ]),
    )
    assert.is(conditions.NamesAccepted, 'True NoConflicts')
    assert.is(conditions.Established, 'True InitialNamesAccepted')
    assert.equal(status.storedVersions, ['v1'])
    assert.is(status.acceptedNames.singular, 'widget')
    assert.is(status.acceptedNames.listKind, 'WidgetList')
    assert.is(metadata.generation, 1)
    const { resources } = await world.read(`/apis/${groupOf(world)}/v1`)
    assert.equal(resources.map(({ name, kind }: Record<string, string>) => `${name} ${kind}`).sort(), [
      'widgets Widget',
      'widgets/scale Scale',
      'widgets/status Widget',
    ])
    const own = resources.find(({ name }: { name: string }) => name === 'widgets')
    assert.equal(own.shortNames, ['wd'])
    assert.equal([...own.verbs].sort(), [
      'create',
      'delete',
      'deletecollection',
      'get',
      'list',
      'patch',
      'update',
      'watch',
    ])
    const group = await world.read(`/apis/${groupOf(world)}`)
    assert.is(group.preferredVersion.groupVersion, `${groupOf(world)}/v1`)
  },

  'a definition that is no structural schema is refused': async (world) => {
    const definition = definitionOf(world)
    const [version] = definition.spec.versions
    Object.assign(version!.schema.openAPIV3Schema.properties, { other: { description: 'no type' } })
    const answer = await world.ask('POST', DEFINITIONS, definition)
    refused(
      answer,
      422,
      'Invalid',
      /properties\[other\]\.type: Required value: must not be empty for specified object fields/,
    )
  },

  'defaults are put in when an object is made, and when it is read': async (world) => {
    await define(world)
    const { spec } = await made(world, 'one', { ports: [{ name: 'a' }] })
    assert.equal(spec, { replicas: 3, size: 'small', ports: [{ name: 'a', protocol: 'TCP' }] })
    const changed = await world.patch(widgets(world, 'one'), { spec: { size: null } })
    assert.is(changed.spec.size, 'small')
  },

  'what the schema does not know is pruned, but for free fields': async (world) => {
    await define(world)
    const { spec } = await made(world, 'one', {
      colour: 'red',
      free: { any: [1, 'a'] },
      extra: { key: 'value' },
    })
    assert.is(spec.colour, undefined)
    assert.equal(spec.free, { any: [1, 'a'] })
    assert.equal(spec.extra, { key: 'value' })
    const strict = await world.ask(
      'POST',
      `${widgets(world)}?fieldValidation=Strict`,
      widget(world, 'two', { colour: 'red' }),
    )
    refused(strict, 400, 'BadRequest', /strict decoding error: unknown field "spec\.colour"/)
    const warned = await world.ask('POST', widgets(world), widget(world, 'three', { colour: 'red' }))
    assert.match(String(warned.headers.warning), /unknown field \\"spec\.colour\\"/)
  },

  'null is dropped where it may not be, and kept where it may': async (world) => {
    await define(world)
    const { spec } = await made(world, 'one', { size: null, secret: null })
    assert.is(spec.size, 'small')
    assert.is(spec.secret, null)
  },

  'the generation counts changes of the spec, and of nothing else': async (world) => {
    await define(world)
    const { metadata } = await made(world, 'one')
    assert.is(metadata.generation, 1)
    const labelled = await world.patch(widgets(world, 'one'), { metadata: { labels: { a: 'b' } } })
    assert.is(labelled.metadata.generation, 1)
    const changed = await world.patch(widgets(world, 'one'), { spec: { replicas: 4 } })
    assert.is(changed.metadata.generation, 2)
    const same = await world.patch(widgets(world, 'one'), { spec: { replicas: 4 } })
    assert.is(same.metadata.resourceVersion, changed.metadata.resourceVersion)
    const reported = await world.patch(`${widgets(world, 'one')}/status`, { status: { phase: 'Running' } })
    assert.is(reported.metadata.generation, 2)
    assert.is(reported.status.phase, 'Running')
  },

  'the status is written through its subresource alone, and the spec is not': async (world) => {
    await define(world)
    const one = await made(world, 'one', {}, { status: { phase: 'Made' } })
    assert.is(one.status, undefined)
    const both = await world.patch(widgets(world, 'one'), { spec: { replicas: 5 }, status: { phase: 'A' } })
    assert.equal([both.spec.replicas, both.status], [5, undefined])
    const put = await world.ask('PUT', `${widgets(world, 'one')}/status`, {
      ...both,
      metadata: { ...both.metadata, labels: { a: 'b' } },
      spec: { replicas: 6 },
      status: { phase: 'B' },
    })
    assert.is(put.status, 200, JSON.stringify(put.body))
    assert.equal([put.body.spec.replicas, put.body.status.phase], [5, 'B'])
    // Metadata goes along, but for what only the object itself may change.
    assert.is(put.body.metadata.labels, undefined)
  },

  'a scale is read and written': async (world) => {
    await define(world)
    const { metadata } = await made(world, 'one', { replicas: 2 })
    await world.patch(`${widgets(world, 'one')}/status`, { status: { replicas: 1, selector: 'a=b' } })
    const scale = await world.read(`${widgets(world, 'one')}/scale`)
    assert.is(scale.kind, 'Scale')
    assert.is(scale.apiVersion, 'autoscaling/v1')
    assert.is(scale.metadata.uid, metadata.uid)
    assert.equal(scale.spec, { replicas: 2 })
    assert.equal(scale.status, { replicas: 1, selector: 'a=b' })
    const put = await world.ask('PUT', `${widgets(world, 'one')}/scale`, { ...scale, spec: { replicas: 4 } })
    assert.is(put.status, 200, JSON.stringify(put.body))
    assert.equal(put.body.spec, { replicas: 4 })
    const patched = await world.patch(`${widgets(world, 'one')}/scale`, { spec: { replicas: 5 } })
    assert.equal(patched.spec, { replicas: 5 })
    const after = await world.read(widgets(world, 'one'))
    assert.equal([after.spec.replicas, after.metadata.generation], [5, 3])
  },

  'a scale of too many, and of an old version': async (world) => {
    await define(world)
    await made(world, 'one')
    const scale = await world.read(`${widgets(world, 'one')}/scale`)
    await world.patch(widgets(world, 'one'), { spec: { size: 'large' } })
    refused(
      await world.ask('PUT', `${widgets(world, 'one')}/scale`, { ...scale, spec: { replicas: 4 } }),
      409,
      'Conflict',
      /the object has been modified/,
    )
    const many = await world.ask(
      'PATCH',
      `${widgets(world, 'one')}/scale`,
      { spec: { replicas: 11 } },
      { headers: MERGE },
    )
    refused(
      many,
      422,
      'Invalid',
      /spec\.replicas: Invalid value: 11: spec\.replicas in body should be less than or equal to 10/,
    )
  },

  'a strategic patch is none of a custom resource': async (world) => {
    await define(world)
    await made(world, 'one')
    const answer = await world.ask('PATCH', widgets(world, 'one'), { spec: {} }, { headers: STRATEGIC })
    refused(
      answer,
      415,
      'UnsupportedMediaType',
      /^the body of the request was in an unknown format - accepted media types include: application\/json-patch\+json, application\/merge-patch\+json, application\/apply-patch\+yaml/,
    )
  },

  'an apply merges lists by the keys of the schema': async (world) => {
    await define(world)
    const apply = (manager: string, ports: object[]) =>
      world.ask(
        'PATCH',
        `${widgets(world, 'one')}?fieldManager=${manager}`,
        widget(world, 'one', { ports }),
        { headers: APPLY },
      )
    assert.is((await apply('first', [{ name: 'a', port: 1 }])).status, 201)
    const { body } = await apply('second', [{ name: 'b', port: 2 }])
    assert.equal(
      body.spec.ports.map(({ name, port }: { name: string; port: number }) => [name, port]),
      [
        ['a', 1],
        ['b', 2],
      ],
    )
    refused(
      await apply('second', [{ name: 'a', port: 3 }]),
      409,
      'Conflict',
      /^Apply failed with 1 conflict: conflict with "first": \.spec\.ports\[name="a"\]\.port$/,
    )
  },

  'PUT of a custom resource needs a version': async (world) => {
    await define(world)
    await made(world, 'one')
    const answer = await world.ask('PUT', widgets(world, 'one'), widget(world, 'one', { replicas: 4 }))
    refused(
      answer,
      422,
      'Invalid',
      /metadata\.resourceVersion: Invalid value: (0|0x0|""): must be specified for an update$/,
    )
  },

  'columns of the definition are those of the table': async (world) => {
    await define(world)
    await made(world, 'one', { size: 'large' })
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const { body } = await world.get(widgets(world), { headers: { accept } })
    assert.equal(
      body.columnDefinitions.map(({ name }: { name: string }) => name),
      ['Name', 'Size', 'Age'],
    )
    assert.equal(body.rows[0].cells.slice(0, 2), ['one', 'large'])
  },

  'with a definition its objects go': async (world) => {
    await define(world)
    await made(world, 'one')
    const path = `${DEFINITIONS}/widgets.${groupOf(world)}`
    assert.is((await world.remove(path)).status, 200)
    await world.gone(path)
    await world.eventually(
      'the resources to go',
      async () => (await world.get(widgets(world))).status === 404,
    )
  },
}
