import * as assert from 'uvu/assert'
import { type Cases, configMap, refused } from '../world.ts'

const MAPS = 'configmaps'

/** create, get, update, delete, and how each is refused. */
export const verbCases: Cases = {
  'a created object has an identity and a version': async (world) => {
    const { status, body } = await world.ask('POST', world.path(MAPS), configMap('one', { a: '1' }))
    assert.is(status, 201)
    assert.is(body.kind, 'ConfigMap')
    assert.is(body.apiVersion, 'v1')
    const { uid, resourceVersion, creationTimestamp, namespace, generation } = body.metadata
    assert.match(uid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.match(resourceVersion, /^\d+$/)
    assert.match(creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.is(namespace, world.namespace)
    assert.is(generation, undefined)
    assert.equal(await world.read(world.path(MAPS, 'one')), body)
  },

  'a name that is taken, and one that is not there': async (world) => {
    await world.create(MAPS, configMap('one'))
    const again = await world.ask('POST', world.path(MAPS), configMap('one'))
    refused(again, 409, 'AlreadyExists', 'configmaps "one" already exists')
    assert.equal(again.body.details, { name: 'one', kind: 'configmaps' })
    for (const method of ['GET', 'DELETE']) {
      const missing = await world.ask(method, world.path(MAPS, 'two'))
      refused(missing, 404, 'NotFound', 'configmaps "two" not found')
      assert.equal(missing.body.details, { name: 'two', kind: 'configmaps' })
    }
    refused(
      await world.get(world.path('apps/v1/statefulsets', 'two')),
      404,
      'NotFound',
      'statefulsets.apps "two" not found',
    )
  },

  'generateName adds five characters': async (world) => {
    const { metadata } = await world.create(MAPS, { metadata: { generateName: 'map-' }, data: {} })
    assert.match(metadata.name, /^map-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    assert.is(metadata.generateName, 'map-')
  },

  'a name must be a DNS label': async (world) => {
    const answer = await world.ask('POST', world.path(MAPS), configMap('No_Name'))
    refused(
      answer,
      422,
      'Invalid',
      /^ConfigMap "No_Name" is invalid: metadata\.name: Invalid value: "No_Name": a lowercase RFC 1123 subdomain must consist of/,
    )
    assert.is(answer.body.details.causes[0].field, 'metadata.name')
    assert.is(answer.body.details.causes[0].reason, 'FieldValueInvalid')
  },

  'an object without a name is refused': async (world) => {
    const answer = await world.ask('POST', world.path(MAPS), { metadata: {} })
    refused(
      answer,
      422,
      'Invalid',
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    )
  },

  'the namespace and the name of the path are those of the object': async (world) => {
    const elsewhere = configMap('one', {}, { namespace: 'default' })
    refused(
      await world.ask('POST', world.path(MAPS), elsewhere),
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    )
    await world.create(MAPS, configMap('one'))
    refused(
      await world.ask('PUT', world.path(MAPS, 'one'), configMap('two')),
      400,
      'BadRequest',
      'the name of the object (two) does not match the name on the URL (one)',
    )
  },

  'a namespace that is not there takes nothing': async (world) => {
    const answer = await world.ask('POST', '/api/v1/namespaces/nowhere-at-all/configmaps', configMap('one'))
    refused(answer, 404, 'NotFound', 'namespaces "nowhere-at-all" not found')
  },

  'PUT replaces the whole object, under a new version': async (world) => {
    const before = await world.create(MAPS, configMap('one', { a: '1' }, { labels: { x: 'y' } }))
    const { status, body } = await world.ask('PUT', world.path(MAPS, 'one'), configMap('one', { b: '2' }))
    assert.is(status, 200)
    assert.equal(body.data, { b: '2' })
    assert.is(body.metadata.labels, undefined)
    assert.is(body.metadata.uid, before.metadata.uid)
    assert.is(body.metadata.creationTimestamp, before.metadata.creationTimestamp)
    assert.is.not(body.metadata.resourceVersion, before.metadata.resourceVersion)
  },

  'PUT of what is there already changes nothing': async (world) => {
    const before = await world.create(MAPS, configMap('one', { a: '1' }))
    const { body } = await world.ask('PUT', world.path(MAPS, 'one'), before)
    assert.is(body.metadata.resourceVersion, before.metadata.resourceVersion)
  },

  'PUT of an old version is a conflict': async (world) => {
    const before = await world.create(MAPS, configMap('one', { a: '1' }))
    await world.patch(world.path(MAPS, 'one'), { data: { a: '2' } })
    const answer = await world.ask('PUT', world.path(MAPS, 'one'), before)
    refused(
      answer,
      409,
      'Conflict',
      'Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again',
    )
    assert.equal(answer.body.details, { name: 'one', kind: 'configmaps' })
  },

  'PUT of a name that is not there': async (world) => {
    refused(
      await world.ask('PUT', world.path(MAPS, 'one'), configMap('one')),
      404,
      'NotFound',
      'configmaps "one" not found',
    )
  },

  'DELETE answers with what it deleted': async (world) => {
    const { metadata } = await world.create(MAPS, configMap('one'))
    const { status, body } = await world.remove(world.path(MAPS, 'one'))
    assert.is(status, 200)
    assert.equal(body, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'one', kind: 'configmaps', uid: metadata.uid },
    })
    assert.is((await world.get(world.path(MAPS, 'one'))).status, 404)
  },

  'DELETE with a precondition on another uid or version is a conflict': async (world) => {
    const { metadata } = await world.create(MAPS, configMap('one'))
    const uid = '11111111-1111-1111-1111-111111111111'
    refused(
      await world.remove(world.path(MAPS, 'one'), { preconditions: { uid } }),
      409,
      'Conflict',
      `Operation cannot be fulfilled on ConfigMap "one": the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    )
    refused(
      await world.remove(world.path(MAPS, 'one'), { preconditions: { resourceVersion: '1' } }),
      409,
      'Conflict',
      `Operation cannot be fulfilled on ConfigMap "one": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    )
  },

  'DELETE of a collection deletes what its selector matches': async (world) => {
    for (const [name, group] of [
      ['one', 'a'],
      ['two', 'a'],
      ['three', 'b'],
    ] as const)
      await world.create(MAPS, configMap(name, {}, { labels: { group } }))
    const { status, body } = await world.remove(`${world.path(MAPS)}?labelSelector=group%3Da`)
    assert.is(status, 200)
    assert.is(body.kind, 'ConfigMapList')
    assert.equal(
      body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
      ['one', 'two'],
    )
    const left = await world.read(`${world.path(MAPS)}?labelSelector=group`)
    assert.equal(
      left.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name),
      ['three'],
    )
  },

  'a dry run answers as a write does, and writes nothing': async (world) => {
    const made = await world.ask('POST', `${world.path(MAPS)}?dryRun=All`, configMap('one', { a: '1' }))
    assert.is(made.status, 201)
    assert.ok(made.body.metadata.uid)
    assert.is((await world.get(world.path(MAPS, 'one'))).status, 404)
    await world.create(MAPS, configMap('one', { a: '1' }))
    const changed = await world.patch(`${world.path(MAPS, 'one')}?dryRun=All`, { data: { a: '2' } })
    assert.equal(changed.data, { a: '2' })
    await world.remove(`${world.path(MAPS, 'one')}?dryRun=All`)
    assert.equal((await world.read(world.path(MAPS, 'one'))).data, { a: '1' })
    const wrong = await world.ask('POST', `${world.path(MAPS)}?dryRun=Some`, configMap('two'))
    refused(wrong, 422, 'Invalid', /dryRun: (Invalid|Unsupported) value: .*"All"/)
  },

  'unknown fields are warned of, refused or ignored, as the client wishes': async (world) => {
    const odd = (name: string) => ({ ...configMap(name), colour: 'red' })
    const ask = (name: string, query: string) => world.ask('POST', `${world.path(MAPS)}${query}`, odd(name))
    const warned = await ask('warned', '')
    assert.is(warned.status, 201)
    assert.match(String(warned.headers.warning), /^299 - "unknown field \\"colour\\""$/)
    assert.is(warned.body.colour, undefined)
    const ignored = await ask('ignored', '?fieldValidation=Ignore')
    assert.is(ignored.headers.warning, undefined)
    refused(
      await ask('strict', '?fieldValidation=Strict'),
      400,
      'BadRequest',
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "colour"',
    )
  },

  'a body of the wrong shape is refused': async (world) => {
    const answer = await world.ask('POST', world.path(MAPS), { metadata: { name: 'one' }, data: { a: 1 } })
    refused(
      answer,
      400,
      'BadRequest',
      /^ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap\.data of type string$/,
    )
    const other = await world.ask('POST', world.path(MAPS), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'one' },
    })
    refused(other, 400, 'BadRequest', /^Secret in version "v1" cannot be handled as a ConfigMap/)
  },

  'media types that the server does not know': async (world) => {
    const sent = await world.ask('POST', world.path(MAPS), '<xml/>', {
      headers: { 'content-type': 'text/xml' },
    })
    refused(
      sent,
      415,
      'UnsupportedMediaType',
      /^the body of the request was in an unknown format - accepted media types include: /,
    )
    const wanted = await world.get(world.path(MAPS), { headers: { accept: 'text/xml' } })
    assert.is(wanted.status, 406)
  },

  'a path that is none, and a method that does not fit': async (world) => {
    assert.is((await world.get('/apis/nothing.example.com/v1')).status, 404)
    assert.is((await world.get(world.path('nothings'))).status, 404)
    refused(
      await world.ask('POST', world.path(MAPS, 'one'), {}),
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    )
  },

  'an object may come as YAML': async (world) => {
    const text = 'metadata:\n  name: one\ndata:\n  a: "1"\n'
    const headers = { 'content-type': 'application/yaml' }
    const { status, body } = await world.ask('POST', world.path(MAPS), text, { headers })
    assert.is(status, 201)
    assert.equal(body.data, { a: '1' })
  },

  'an immutable object keeps its data': async (world) => {
    await world.create(MAPS, { ...configMap('one', { a: '1' }), immutable: true })
    const answer = await world.ask(
      'PATCH',
      world.path(MAPS, 'one'),
      { data: { a: '2' } },
      {
        headers: { 'content-type': 'application/merge-patch+json' },
      },
    )
    refused(
      answer,
      422,
      'Invalid',
      'ConfigMap "one" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    )
  },

  'stringData of a Secret becomes data': async (world) => {
    const { data, stringData, type } = await world.create('secrets', {
      metadata: { name: 'one' },
      stringData: { a: 'text' },
    })
    assert.equal(data, { a: Buffer.from('text').toString('base64') })
    assert.is(stringData, undefined)
    assert.is(type, 'Opaque')
  },
}
