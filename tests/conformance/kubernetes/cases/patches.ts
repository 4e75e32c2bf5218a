import * as assert from 'uvu/assert'
import { APPLY, type Cases, configMap, JSON_PATCH, MERGE, refused, STRATEGIC, type World } from '../world.ts'

const MAPS = 'configmaps'
const PODS = 'pods'

const pod = (name: string) => ({
  metadata: { name },
  // No scheduler binds it.
  spec: {
    schedulerName: 'nobody',
    containers: [
      { name: 'one', image: 'image:1', env: [{ name: 'A', value: '1' }] },
      { name: 'two', image: 'image:2' },
    ],
  },
})

const apply = (world: World, name: string, data: object, manager: string, query = '') =>
  world.ask(
    'PATCH',
    `${world.path(MAPS, name)}?fieldManager=${manager}${query}`,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data },
    { headers: APPLY },
  )

/** The four kinds of patch. */
export const patchCases: Cases = {
  'a merge patch sets, and null removes': async (world) => {
    await world.create(MAPS, configMap('one', { a: '1', b: '2' }, { labels: { x: 'y' } }))
    const { data, metadata } = await world.patch(world.path(MAPS, 'one'), {
      metadata: { labels: { x: null, z: 'w' } },
      data: { a: null, c: '3' },
    })
    assert.equal(data, { b: '2', c: '3' })
    assert.equal(metadata.labels, { z: 'w' })
  },

  'a merge patch replaces a list as a whole': async (world) => {
    await world.create(PODS, pod('one'))
    const answer = await world.ask(
      'PATCH',
      world.path(PODS, 'one'),
      { spec: { containers: [{ name: 'one', image: 'image:3' }] } },
      { headers: MERGE },
    )
    refused(
      answer,
      422,
      'Invalid',
      /^Pod "one" is invalid: spec\.containers: Forbidden: pod updates may not add or remove containers$/,
    )
  },

  'a strategic patch merges lists by their keys': async (world) => {
    await world.create(PODS, pod('one'))
    const { spec } = await world.patch(
      world.path(PODS, 'one'),
      { spec: { containers: [{ name: 'two', image: 'image:3' }] } },
      STRATEGIC,
    )
    assert.equal(
      spec.containers.map(({ name, image }: { name: string; image: string }) => [name, image]),
      [
        ['one', 'image:1'],
        ['two', 'image:3'],
      ],
    )
  },

  'a strategic patch deletes from a list with $patch': async (world) => {
    const set = {
      metadata: { name: 'one' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        replicas: 0,
        template: { metadata: { labels: { a: 'b' } }, spec: pod('x').spec },
      },
    }
    await world.create('apps/v1/replicasets', set)
    const { spec } = await world.patch(
      world.path('apps/v1/replicasets', 'one'),
      { spec: { template: { spec: { containers: [{ name: 'two', $patch: 'delete' }] } } } },
      STRATEGIC,
    )
    assert.equal(
      spec.template.spec.containers.map(({ name }: { name: string }) => name),
      ['one'],
    )
  },

  'a JSON patch adds, replaces, moves and removes': async (world) => {
    await world.create(MAPS, configMap('one', { a: '1', b: '2' }))
    const { data, metadata } = await world.patch(
      world.path(MAPS, 'one'),
      [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'replace', path: '/data/a', value: '3' },
        { op: 'move', from: '/data/b', path: '/data/c' },
        { op: 'add', path: '/metadata/annotations', value: {} },
        { op: 'add', path: '/metadata/annotations/example.com~1d', value: '4' },
      ],
      JSON_PATCH,
    )
    assert.equal(data, { a: '3', c: '2' })
    assert.equal(metadata.annotations, { 'example.com/d': '4' })
  },

  'a JSON patch whose test fails, and one of a path that is not there': async (world) => {
    await world.create(MAPS, configMap('one', { a: '1' }))
    const patch = (operations: object[]) =>
      world.ask('PATCH', world.path(MAPS, 'one'), operations, { headers: JSON_PATCH })
    refused(
      await patch([{ op: 'test', path: '/data/a', value: '2' }]),
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
    )
    refused(
      await patch([{ op: 'remove', path: '/data/b' }]),
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
    )
    assert.equal((await world.read(world.path(MAPS, 'one'))).data, { a: '1' })
  },

  'a patch with the version of before is a conflict': async (world) => {
    const { metadata } = await world.create(MAPS, configMap('one', { a: '1' }))
    await world.patch(world.path(MAPS, 'one'), { data: { a: '2' } })
    const { resourceVersion } = metadata
    const answer = await world.ask(
      'PATCH',
      world.path(MAPS, 'one'),
      { metadata: { resourceVersion }, data: { a: '3' } },
      { headers: MERGE },
    )
    refused(
      answer,
      409,
      'Conflict',
      /^Operation cannot be fulfilled on configmaps "one": the object has been modified/,
    )
  },

  'a patch of what is not there, and of no known kind': async (world) => {
    refused(
      await world.ask('PATCH', world.path(MAPS, 'one'), {}, { headers: MERGE }),
      404,
      'NotFound',
      'configmaps "one" not found',
    )
    await world.create(MAPS, configMap('one'))
    const answer = await world.ask(
      'PATCH',
      world.path(MAPS, 'one'),
      {},
      { headers: { 'content-type': 'application/json' } },
    )
    refused(answer, 415, 'UnsupportedMediaType', '415: Unsupported Media Type')
  },

  'a patch that changes nothing keeps the version': async (world) => {
    const { metadata } = await world.create(MAPS, configMap('one', { a: '1' }))
    const after = await world.patch(world.path(MAPS, 'one'), { data: { a: '1' } })
    assert.is(after.metadata.resourceVersion, metadata.resourceVersion)
  },

  'an applied object is made, then changed': async (world) => {
    const made = await apply(world, 'one', { a: '1' }, 'manager')
    assert.is(made.status, 201)
    const changed = await apply(world, 'one', { b: '2' }, 'manager')
    assert.is(changed.status, 200)
    assert.equal(changed.body.data, { b: '2' })
    assert.equal(
      changed.body.metadata.managedFields.map(({ manager, operation, fieldsV1 }: Record<string, unknown>) => [
        manager,
        operation,
        fieldsV1,
      ]),
      [['manager', 'Apply', { 'f:data': { 'f:b': {} } }]],
    )
  },

  'managers of different fields share an object': async (world) => {
    await apply(world, 'one', { a: '1' }, 'first')
    const { body } = await apply(world, 'one', { b: '2' }, 'second')
    assert.equal(body.data, { a: '1', b: '2' })
    const { body: left } = await apply(world, 'one', {}, 'second')
    assert.equal(left.data, { a: '1' })
  },

  'a field of another manager is a conflict, unless it is forced': async (world) => {
    await apply(world, 'one', { a: '1' }, 'first')
    const answer = await apply(world, 'one', { a: '2' }, 'second')
    refused(answer, 409, 'Conflict', 'Apply failed with 1 conflict: conflict with "first": .data.a')
    assert.equal(answer.body.details.causes, [
      { reason: 'FieldManagerConflict', message: 'conflict with "first"', field: '.data.a' },
    ])
    const forced = await apply(world, 'one', { a: '2' }, 'second', '&force=true')
    assert.equal(forced.body.data, { a: '2' })
    const same = await apply(world, 'one', { a: '2' }, 'third')
    assert.is(same.status, 200)
  },

  'an update of an applied field is a conflict for its manager': async (world) => {
    await apply(world, 'one', { a: '1' }, 'first')
    await world.patch(world.path(MAPS, 'one'), { data: { a: '2' } })
    const answer = await apply(world, 'one', { a: '3' }, 'first')
    refused(
      answer,
      409,
      'Conflict',
      /^Apply failed with 1 conflict: conflict with "conformance" using v1: \.data\.a$/,
    )
  },

  'an apply needs a manager': async (world) => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } }
    const answer = await world.ask('PATCH', world.path(MAPS, 'one'), object, { headers: APPLY })
    refused(answer, 422, 'Invalid', /fieldManager: Required value: is required for apply patch/)
  },

  'an apply with managedFields is refused': async (world) => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'one',
        managedFields: [
          { manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} },
        ],
      },
    }
    const answer = await world.ask('PATCH', `${world.path(MAPS, 'one')}?fieldManager=x`, object, {
      headers: APPLY,
    })
    refused(answer, 400, 'BadRequest', 'metadata.managedFields must be nil')
  },

  'lists of an applied object are merged by their keys': async (world) => {
    await world.create(PODS, pod('one'))
    const { status, body } = await world.ask(
      'PATCH',
      `${world.path(PODS, 'one')}?fieldManager=x&force=true`,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'one' },
        spec: { containers: [{ name: 'two', image: 'image:9' }] },
      },
      { headers: APPLY },
    )
    assert.is(status, 200, JSON.stringify(body))
    assert.equal(
      body.spec.containers.map(({ image }: { image: string }) => image),
      ['image:1', 'image:9'],
    )
  },
}
