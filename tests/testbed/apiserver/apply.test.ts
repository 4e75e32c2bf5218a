import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { configMap, harness, podOf, withHarness } from './harness.ts'

withHarness(test)

const MAPS = '/api/v1/namespaces/default/configmaps'
const SETS = '/apis/apps/v1/namespaces/default/statefulsets'
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const THINGS = '/apis/weir.test/v1/namespaces/default/things'
const APPLY = { 'content-type': 'application/apply-patch+yaml' }
const MERGE = { 'content-type': 'application/merge-patch+json' }

const apply = (path: string, body: object, manager = 'one', force = false) =>
  harness.ask('PATCH', `${path}?fieldManager=${manager}&force=${force}`, body, APPLY)

/** `MANAGER OPERATION` and its fields, for each manager, by operation and name: the server puts older entries first, and a second may pass. */
const ownersOf = (body: { metadata: { managedFields?: Record<string, unknown>[] } }) =>
  (body.metadata.managedFields ?? [])
    .map(({ manager, operation, subresource, fieldsV1 }) => ({
      operation: String(operation),
      entry: [`${manager} ${operation}${subresource ? ` ${subresource}` : ''}`, fieldsV1] as const,
    }))
    .sort((a, b) => a.operation.localeCompare(b.operation) || a.entry[0].localeCompare(b.entry[0]))
    .map(({ entry }) => entry)

const map = (data: Record<string, string>, more: object = {}) => ({ ...configMap('a', data), ...more })

test('an absent object is created, and its manager owns what it applied', async () => {
  const made = await apply(`${MAPS}/a`, map({ x: '1' }, { metadata: { name: 'a', labels: { l: 'm' } } }))
  assert.is(made.status, 201, made.body.message)
  assert.equal(ownersOf(made.body), [
    ['one Apply', { 'f:data': { 'f:x': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } }],
  ])
  const [entry] = made.body.metadata.managedFields
  assert.equal([entry.apiVersion, entry.fieldsType], ['v1', 'FieldsV1'])
  const again = await apply(`${MAPS}/a`, map({ x: '1' }, { metadata: { name: 'a', labels: { l: 'm' } } }))
  assert.is(again.status, 200)
  assert.equal(again.body.metadata, made.body.metadata)
})

test('managers keep out of each other, and what one no longer applies is removed unless another owns it', async () => {
  await apply(`${MAPS}/a`, map({ mine: '1', both: '2' }))
  const shared = await apply(`${MAPS}/a`, map({ both: '2', theirs: '3' }), 'two')
  assert.is(shared.status, 200)
  assert.equal(shared.body.data, { mine: '1', both: '2', theirs: '3' })
  const less = await apply(`${MAPS}/a`, map({}))
  assert.equal(less.body.data, { both: '2', theirs: '3' })
  assert.equal(ownersOf(less.body), [
    ['one Apply', { 'f:data': {} }],
    ['two Apply', { 'f:data': { 'f:both': {}, 'f:theirs': {} } }],
  ])
  const none = await apply(
    `${MAPS}/a`,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
    'two',
  )
  assert.not.ok(none.body.data?.both)
})

test('a field of another is a conflict, in the words of the real server, and force takes it', async () => {
  await apply(`${MAPS}/a`, map({ x: '1', y: '1' }))
  const one = await apply(`${MAPS}/a`, map({ x: '2' }), 'two')
  assert.is(one.status, 409)
  assert.is(one.body.message, 'Apply failed with 1 conflict: conflict with "one": .data.x')
  assert.is(one.body.reason, 'Conflict')
  assert.equal(one.body.details.causes, [
    { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' },
  ])
  const two = await apply(`${MAPS}/a`, map({ x: '2', y: '2' }), 'two')
  assert.is(two.body.message, 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y')
  const forced = await apply(`${MAPS}/a`, map({ x: '2' }), 'two', true)
  assert.equal(forced.body.data, { x: '2', y: '1' })
  assert.equal(ownersOf(forced.body), [
    ['one Apply', { 'f:data': { 'f:y': {} } }],
    ['two Apply', { 'f:data': { 'f:x': {} } }],
  ])
})

test('what was there before belongs to before-first-apply; later writes to who wrote them', async () => {
  const { ask } = harness
  const made = await ask('POST', MAPS, map({ x: '1' }))
  assert.is(made.body.metadata.managedFields, undefined)
  const refused = await apply(`${MAPS}/a`, map({ x: '2' }))
  assert.is(
    refused.body.message,
    'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
  )
  const applied = await apply(`${MAPS}/a`, map({ x: '1', y: '1' }))
  assert.equal(ownersOf(applied.body), [
    ['one Apply', { 'f:data': { 'f:x': {}, 'f:y': {} } }],
    ['before-first-apply Update', { 'f:data': { '.': {}, 'f:x': {} } }],
  ])
  const patched = await ask('PATCH', `${MAPS}/a?fieldManager=edit`, { data: { y: '2', z: '3' } }, MERGE)
  assert.equal(ownersOf(patched.body), [
    ['one Apply', { 'f:data': { 'f:x': {} } }],
    ['before-first-apply Update', { 'f:data': { '.': {}, 'f:x': {} } }],
    ['edit Update', { 'f:data': { 'f:y': {}, 'f:z': {} } }],
  ])
  const { managedFields, ...metadata } = patched.body.metadata
  const put = await ask('PUT', `${MAPS}/a`, { ...patched.body, metadata })
  assert.equal(put.body.metadata.managedFields, managedFields)
  const cleared = await ask('PUT', `${MAPS}/a`, {
    ...patched.body,
    metadata: { ...metadata, managedFields: [] },
  })
  assert.is(cleared.body.metadata.managedFields, undefined)
})

/** A StatefulSet with these containers. */
const set = (containers: object[], spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'emqx' },
  spec: { ...spec, template: { spec: { containers } } },
})
const SELECTOR = {
  selector: { matchLabels: { app: 'emqx' } },
  serviceName: 'emqx',
  template: { metadata: { labels: { app: 'emqx' } }, spec: podOf('x').spec },
}

test("built-in kinds' lists are merged by their keys", async () => {
  const { ask } = harness
  await ask('POST', SETS, { ...set([]), spec: SELECTOR })
  const sidecar = { name: 'side', image: 'b', ports: [{ containerPort: 80 }] }
  const added = await apply(`${SETS}/emqx`, set([sidecar]))
  assert.is(added.status, 200, added.body.message)
  const { containers } = added.body.spec.template.spec
  assert.equal(
    containers.map(({ name }: { name: string }) => name),
    ['main', 'side'],
  )
  const [, fields] = ownersOf(added.body)[0]!
  assert.equal(fields, {
    'f:spec': {
      'f:template': {
        'f:spec': {
          'f:containers': {
            'k:{"name":"side"}': {
              '.': {},
              'f:image': {},
              'f:name': {},
              'f:ports': {
                'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
              },
            },
          },
        },
      },
    },
  })
  const conflict = await apply(`${SETS}/emqx`, set([{ ...sidecar, image: 'c' }]), 'two')
  assert.is(
    conflict.body.message,
    'Apply failed with 1 conflict: conflict with "one": .spec.template.spec.containers[name="side"].image',
  )
  const gone = await apply(`${SETS}/emqx`, { ...set([]), spec: {} })
  assert.equal(
    gone.body.spec.template.spec.containers.map(({ name }: { name: string }) => name),
    ['main'],
  )
  const twice = await apply(`${SETS}/emqx`, set([sidecar, sidecar]))
  assert.is(twice.status, 500)
  assert.match(
    twice.body.message,
    /^failed to create typed patch object \(default\/emqx; apps\/v1, Kind=StatefulSet\): /,
  )
  assert.match(
    twice.body.message,
    /\.spec\.template\.spec\.containers: duplicate entries for key \[name="side"\]$/,
  )
})

test("custom resources' lists are merged as their definition says", async () => {
  const text = { type: 'string' }
  const keyed = {
    ...{ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
    items: { type: 'object', properties: { name: text, value: text } },
  }
  const spec = {
    type: 'object',
    properties: {
      keyed,
      set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      plain: { type: 'array', items: text },
      whole: { type: 'object', additionalProperties: text, 'x-kubernetes-map-type': 'atomic' },
    },
  }
  await harness.ask('POST', DEFINITIONS, {
    metadata: { name: 'things.weir.test' },
    spec: {
      group: 'weir.test',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true, subresources: { status: {} } },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec, status: { type: 'object', properties: { ready: text } } },
            },
          },
        },
      ],
    },
  })
  const thing = (part: object) => ({
    apiVersion: 'weir.test/v1',
    kind: 'Thing',
    metadata: { name: 't' },
    ...part,
  })
  const first = { keyed: [{ name: 'a', value: '1' }], set: ['x'], plain: ['p'], whole: { k: 'v' } }
  const made = await apply(`${THINGS}/t`, thing({ spec: first }))
  assert.is(made.status, 201, made.body.message)
  const second = await apply(
    `${THINGS}/t`,
    thing({ spec: { keyed: [{ name: 'b' }], set: ['y', 'x'] } }),
    'two',
  )
  assert.is(second.status, 200, second.body.message)
  assert.equal(second.body.spec.keyed, [{ name: 'a', value: '1' }, { name: 'b' }])
  assert.equal(second.body.spec.set, ['y', 'x'])
  assert.equal(ownersOf(second.body)[1], [
    'two Apply',
    {
      'f:spec': {
        'f:keyed': { 'k:{"name":"b"}': { '.': {}, 'f:name': {} } },
        'f:set': { 'v:"x"': {}, 'v:"y"': {} },
      },
    },
  ])
  const whole = await apply(
    `${THINGS}/t`,
    thing({ spec: { plain: ['q'], whole: { k: 'v', l: 'w' } } }),
    'two',
  )
  assert.is(
    whole.body.message,
    'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.plain\n- .spec.whole',
  )
  const status = await apply(`${THINGS}/t/status`, thing({ status: { ready: 'yes' } }), 'three')
  assert.is(status.body.status.ready, 'yes')
  assert.equal(Object.fromEntries(ownersOf(status.body))['three Apply status'], {
    'f:status': { 'f:ready': {} },
  })
  const less = await apply(`${THINGS}/t`, thing({ spec: { set: ['x'] } }))
  assert.equal(less.body.spec, { keyed: [{ name: 'b' }], set: ['y', 'x'] })
})

test('an apply without a manager, of another version or with managedFields is refused', async () => {
  const { ask } = harness
  const blind = await ask('PATCH', `${MAPS}/a`, map({}), APPLY)
  assert.is(blind.status, 422)
  assert.is(
    blind.body.message,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  )
  const other = await apply(`${MAPS}/a`, map({}, { apiVersion: 'v2' }))
  assert.is(
    other.body.message,
    'Incorrect version specified in apply patch. Specified patch version: v2, expected: v1',
  )
  const owned = await apply(`${MAPS}/a`, map({}, { metadata: { name: 'a', managedFields: [] } }))
  assert.equal([owned.status, owned.body.message], [400, 'metadata.managedFields must be nil'])
  assert.is((await ask('GET', `${MAPS}/a`)).status, 404)
})

test('a dry run stores nothing, and kubectl takes over what its client-side apply wrote', async () => {
  const { ask } = harness
  const dry = await ask('PATCH', `${MAPS}/a?fieldManager=one&dryRun=All`, map({ x: '1' }), APPLY)
  assert.is(dry.status, 201)
  assert.is((await ask('GET', `${MAPS}/a`)).status, 404)
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(map({ x: '1' })),
  }
  await ask('POST', MAPS, map({ x: '1', y: '1' }, { metadata: { name: 'a', annotations } }))
  assert.is((await apply(`${MAPS}/a`, map({ x: '2' }), 'kubectl')).body.data.x, '2')
  assert.is((await apply(`${MAPS}/a`, map({ x: '2', y: '2' }), 'kubectl')).status, 409)
})

test.run()
