import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { projectFile } from '../../support/project-file.ts'
import { eventually, harness, watchLines, withHarness } from './harness.ts'

const FIXTURES = projectFile('tests/fixtures/crds/')
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const ENTERPRISES = '/apis/apps.emqx.io/v1beta4/namespaces/default/emqxenterprises'
const MERGE = { 'content-type': 'application/merge-patch+json' }

withHarness(test)

/** The operator's own definition. It converts between versions by webhook, which has no place here. */
function definition(release: string) {
  const text = gunzipSync(readFileSync(new URL(`emqxenterprises-${release}.yaml.gz`, FIXTURES))).toString()
  const object = parse(text)
  delete object.spec.conversion
  return object
}
const sample = (file: string) => parse(readFileSync(new URL(file, FIXTURES), 'utf8'))
const BASE = '00-base-bluegreen-nodeport.yaml'

for (const release of ['2.1.2', '2.2.29']) {
  test(`the definition of operator ${release} is served`, async () => {
    const { ask } = harness
    const made = await ask('POST', DEFINITIONS, definition(release))
    assert.is(made.status, 201)
    assert.equal(
      made.body.status.conditions.map(({ type, status }: { type: string; status: string }) => [type, status]),
      [
        ['NamesAccepted', 'True'],
        ['Established', 'True'],
      ],
    )
    const { resources } = (await ask('GET', '/apis/apps.emqx.io/v1beta4')).body
    assert.equal(
      resources.map(({ name }: { name: string }) => name),
      ['emqxenterprises', 'emqxenterprises/status', 'emqxenterprises/scale'],
    )
  })

  for (const file of [
    BASE,
    '26-empty-bluegreen.yaml',
    '41-service-port-ne-targetport.yaml',
    '42-rolling-without-bluegreen.yaml',
    '60-persistent.yaml',
  ])
    test(`operator ${release} takes the sample ${file}`, async () => {
      const { ask } = harness
      await ask('POST', DEFINITIONS, definition(release))
      const { status, body } = await ask('POST', `${ENTERPRISES}?fieldValidation=Strict`, sample(file))
      assert.is(status, 201, JSON.stringify(body))
      assert.is(body.spec.replicas, sample(file).spec.replicas ?? 3)
      assert.is(body.spec.template.spec.emqxContainer.image.pullPolicy, 'IfNotPresent')
      if (release === '2.2.29') assert.is(body.spec.clusterDomain, 'cluster.local')
      else assert.is(body.spec.clusterDomain, undefined)
    })
}

async function withEnterprise() {
  const { ask } = harness
  await ask('POST', DEFINITIONS, definition('2.1.2'))
  const { body } = await ask('POST', ENTERPRISES, sample(BASE))
  return { ask, created: body, path: `${ENTERPRISES}/${body.metadata.name}` }
}

test('the trigger that the operator page once printed fails validation in the real words', async () => {
  const { ask, path } = await withEnterprise()
  const image = {
    spec: { template: { spec: { emqxContainer: { emqxConfig: { image: { version: '4.4.15' } } } } } },
  }
  const { status, body } = await ask('PATCH', path, image, MERGE)
  assert.is(status, 422)
  assert.is(
    body.message,
    'EmqxEnterprise.apps.emqx.io "emqx-ee" is invalid: spec.template.spec.emqxContainer.emqxConfig.image: Invalid value: "object": spec.template.spec.emqxContainer.emqxConfig.image in body must be of type string: "object"',
  )
  assert.equal(body.details.causes[0].field, 'spec.template.spec.emqxContainer.emqxConfig.image')
})

test('several faults are named in one answer', async () => {
  const { ask, path } = await withEnterprise()
  const evacuationStrategy = { connEvictRate: 0, waitTakeover: -1 }
  const { body } = await ask('PATCH', path, { spec: { blueGreenUpdate: { evacuationStrategy } } }, MERGE)
  assert.match(body.message, /^EmqxEnterprise.apps.emqx.io "emqx-ee" is invalid: \[.*, .*\]$/)
  assert.match(body.message, /connEvictRate in body should be greater than or equal to 1/)
  assert.match(body.message, /waitTakeover in body should be greater than or equal to 0/)
  assert.is(body.details.causes.length, 2)
})

test('unknown fields are dropped with a warning, or refused when the client is strict', async () => {
  const { ask, path } = await withEnterprise()
  const warned = await ask('PATCH', path, { spec: { colour: 'green' } }, MERGE)
  assert.is(warned.headers.get('warning'), '299 - "unknown field \\"spec.colour\\""')
  assert.is(warned.body.spec.colour, undefined)
  const strict = await ask('PATCH', `${path}?fieldValidation=Strict`, { spec: { colour: 'green' } }, MERGE)
  assert.is(strict.status, 400)
  assert.match(strict.body.message, /strict decoding error: unknown field "spec.colour"/)
  const ignored = await ask('PATCH', `${path}?fieldValidation=Ignore`, { spec: { colour: 'green' } }, MERGE)
  assert.is(ignored.headers.get('warning'), null)
})

test('the generation follows the spec, not the status nor the metadata', async () => {
  const { ask, path, created } = await withEnterprise()
  assert.is(created.metadata.generation, 1)
  const generation = async (where: string, body: object) =>
    (await ask('PATCH', where, body, MERGE)).body.metadata.generation
  assert.is(await generation(path, { metadata: { labels: { a: 'b' } } }), 1)
  assert.is(await generation(`${path}/status`, { status: { replicas: 3 } }), 1)
  assert.is(await generation(path, { spec: { replicas: 5 } }), 2)
  assert.is(await generation(path, { spec: { replicas: 5 } }), 2)
})

test('status and the rest do not touch each other', async () => {
  const { ask, path } = await withEnterprise()
  const main = await ask('PATCH', path, { status: { replicas: 9 }, spec: { replicas: 4 } }, MERGE)
  assert.is(main.body.status, undefined)
  const status = await ask(
    'PATCH',
    `${path}/status`,
    { status: { replicas: 9 }, spec: { replicas: 7 }, metadata: { labels: { x: 'y' } } },
    MERGE,
  )
  assert.is(status.body.status.replicas, 9)
  assert.is(status.body.spec.replicas, 4)
  assert.is(status.body.metadata.labels, undefined)
})

test('a PUT of a custom resource must name the version that it replaces', async () => {
  const { ask, path, created } = await withEnterprise()
  const { resourceVersion, ...metadata } = created.metadata
  const blind = await ask('PUT', path, { ...created, metadata })
  assert.is(blind.status, 422)
  assert.match(
    blind.body.message,
    /metadata.resourceVersion: Invalid value: 0: must be specified for an update/,
  )
  assert.is((await ask('PUT', path, { ...created, metadata: { ...metadata, resourceVersion } })).status, 200)
})

test('custom resources have no strategic merge', async () => {
  const { ask, path } = await withEnterprise()
  const { status } = await ask(
    'PATCH',
    path,
    {},
    { 'content-type': 'application/strategic-merge-patch+json' },
  )
  assert.is(status, 415)
})

test('they scale by their scale subresource', async () => {
  const { ask, path } = await withEnterprise()
  const scale = (await ask('GET', `${path}/scale`)).body
  assert.is(scale.kind, 'Scale')
  assert.is(scale.spec.replicas, 3)
  const scaled = await ask('PUT', `${path}/scale`, { ...scale, spec: { replicas: 5 } })
  assert.is(scaled.body.spec.replicas, 5)
  assert.is((await ask('GET', path)).body.spec.replicas, 5)
  assert.is((await ask('PUT', `${path}/scale`, { ...scale, spec: { replicas: 6 } })).status, 409)
})

test('the table has the columns of the definition, the first match of each', async () => {
  const { ask, path } = await withEnterprise()
  const conditions = [
    { type: 'Running', status: 'False' },
    { type: 'BlueGreenUpdating', status: 'True' },
    { type: 'Other', status: 'True' },
  ]
  await ask('PATCH', `${path}/status`, { status: { conditions } }, MERGE)
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
  const { body } = await ask('GET', ENTERPRISES, undefined, { accept })
  assert.equal(
    body.columnDefinitions.map((column: { name: string }) => column.name),
    ['Name', 'Status', 'Age'],
  )
  assert.equal(body.rows[0].cells.slice(0, 2), ['emqx-ee', 'BlueGreenUpdating'])
})

test('an older version shows the same object, and warns when it is deprecated', async () => {
  const { ask } = await withEnterprise()
  const { body } = await ask('GET', '/apis/apps.emqx.io/v1beta3/namespaces/default/emqxenterprises/emqx-ee')
  assert.is(body.apiVersion, 'apps.emqx.io/v1beta3')
  assert.is(body.spec.replicas, 3)
  const old = { metadata: { name: 'old' }, spec: {} }
  const made = await ask('POST', '/apis/apps.emqx.io/v1beta3/namespaces/default/emqxenterprises', old)
  assert.match(made.headers.get('warning') ?? '', /apps.emqx.io\/v1beta3 EmqxEnterprise is deprecated/)
  assert.is((await ask('GET', `${ENTERPRISES}/old`)).body.apiVersion, 'apps.emqx.io/v1beta4')
})

test('a definition takes its resources with it, and is served no longer', async () => {
  const { ask, path } = await withEnterprise()
  const name = 'emqxenterprises.apps.emqx.io'
  await ask('DELETE', `${DEFINITIONS}/${name}`)
  await eventually(
    async () => ((await ask('GET', `${DEFINITIONS}/${name}`)).status === 404 ? true : undefined),
    'the definition to go',
  )
  assert.is((await ask('GET', path)).status, 404)
  assert.is((await ask('GET', '/apis/apps.emqx.io/v1beta4')).status, 404)
})

test('a definition that makes no sense is refused', async () => {
  const { ask } = harness
  const wrong = definition('2.1.2')
  wrong.metadata.name = 'wrong'
  assert.match(
    (await ask('POST', DEFINITIONS, wrong)).body.message,
    /metadata.name: Invalid value: "wrong": must be spec.names.plural\+"."\+spec.group/,
  )
  const twice = definition('2.1.2')
  for (const version of twice.spec.versions) version.storage = true
  assert.match(
    (await ask('POST', DEFINITIONS, twice)).body.message,
    /exactly one version marked as storage version/,
  )
  assert.match(
    (await ask('POST', DEFINITIONS, { metadata: { name: 'empty' } })).body.message,
    /spec: Required value/,
  )
})

test('they are watched like anything else', async () => {
  const { ask, path, created } = await withEnterprise()
  const before = Number(created.metadata.resourceVersion) - 1
  await ask('PATCH', path, { spec: { replicas: 4 } }, MERGE)
  const seen: number[] = []
  for await (const { object } of watchLines(harness, `${ENTERPRISES}?watch=1&resourceVersion=${before}`)) {
    seen.push(object.spec.replicas)
    if (seen.length === 2) break
  }
  assert.equal(seen, [3, 4])
})

test.run()
