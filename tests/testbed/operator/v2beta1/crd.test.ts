import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { mergePatch } from '#weir/testbed/apiserver/operations/patch.ts'
import type { Schema } from '#weir/testbed/apiserver/schema/types.ts'
import { definitions } from '#weir/testbed/operator/crds.ts'
import { LINES } from '#weir/testbed/operator/lines.ts'
import { asWrittenBack } from '#weir/testbed/operator/v2beta1/steps/config.ts'
import type { Emqx } from '#weir/testbed/operator/v2beta1/types.ts'
import { recordedWatch, zipped } from '../recording.ts'
import { type Plain, verdict } from '../schema-verdict.ts'

interface Version {
  name: string
  schema: { openAPIV3Schema: Schema }
  subresources?: unknown
  additionalPrinterColumns?: { name: string; type: string; jsonPath: string }[]
}

interface Definition {
  metadata: { name: string }
  spec: { names: object; scope: string; versions: Version[] }
}

/** The operator's own definition, which is data for tests and no part of the product. */
const real = parse(zipped('v2beta1-2.2.29/crd.yaml.gz')) as Definition
const ours = definitions(LINES['2.2.29']).find(
  ({ metadata }) => metadata.name === 'emqxes.apps.emqx.io',
) as unknown as Definition
const versionOf = ({ spec }: Definition) => spec.versions.find(({ name }) => name === 'v2beta1')!
const theirs = versionOf(real).schema.openAPIV3Schema
const own = versionOf(ours).schema.openAPIV3Schema

const minimal: Plain = {
  apiVersion: 'apps.emqx.io/v2beta1',
  kind: 'EMQX',
  metadata: { name: 'emqx' },
  spec: { image: 'emqx/emqx-enterprise:5.8.6' },
}
const spec = (fields: Plain) => mergePatch(minimal, { spec: fields }) as Plain
const core = (fields: Plain) => spec({ coreTemplate: { spec: fields } })
const listeners = (fields: Plain) => spec({ listenersServiceTemplate: fields })

const variations: [string, Plain][] = [
  ['an image only', minimal],
  ['no image', spec({ image: null })],
  ['a part of the strategy', spec({ updateStrategy: { type: 'Recreate' } })],
  ['a strategy with an empty part', spec({ updateStrategy: { evacuationStrategy: {} } })],
  ['another strategy', spec({ updateStrategy: { type: 'RollingUpdate' } })],
  ['rate 0', spec({ updateStrategy: { evacuationStrategy: { connEvictRate: 0, sessEvictRate: 0 } } })],
  ['waitTakeover 0', spec({ updateStrategy: { evacuationStrategy: { waitTakeover: 0 } } })],
  ['waitTakeover -1', spec({ updateStrategy: { evacuationStrategy: { waitTakeover: -1 } } })],
  ['a core template without replicas', core({ env: [{ name: 'A', value: 'b' }] })],
  ['replicas as text', core({ replicas: '3' })],
  ['replicants', spec({ replicantTemplate: { spec: {} } })],
  ['replicants without a spec', spec({ replicantTemplate: {} })],
  ['replicants with volumes of cores', spec({ replicantTemplate: { spec: { volumeClaimTemplates: {} } } })],
  ['a bound in per cent', core({ minAvailable: '50%' })],
  ['a bound as a list', core({ maxUnavailable: [1] })],
  ['ports', core({ ports: [{ containerPort: 1883 }, { containerPort: 1883 }] })],
  ['a port without number', core({ ports: [{ name: 'mqtt' }] })],
  ['a bad quantity', core({ resources: { limits: { cpu: 'two' } } })],
  ['a mount without a path', core({ extraVolumeMounts: [{ name: 'a' }] })],
  ['a configuration', spec({ config: { data: 'a = 1' } })],
  ['a bad mode', spec({ config: { mode: 'Append' } })],
  ['a service with an annotation', listeners({ metadata: { annotations: { a: 'b' } } })],
  ['a service that is off', listeners({ enabled: false })],
  ['the same port twice', listeners({ spec: { ports: [{ port: 1883 }, { port: 1883 }] } })],
  ['a key', spec({ bootstrapAPIKeys: [{ key: 'a-b', secret: 'xyz' }] })],
  ['a bad key', spec({ bootstrapAPIKeys: [{ key: 'a b', secret: 'x' }] })],
  ['a key elsewhere', spec({ bootstrapAPIKeys: [{ secretRef: { key: { secretName: 'a' } } }] })],
  ['unknown fields', spec({ replicas: 3, coreTemplate: { spec: { pause: true } } })],
]

for (const [name, object] of variations)
  test(`${name}: our schema says what the operator's own says`, () => {
    assert.equal(verdict(object, own), verdict(object, theirs))
  })

test('the variations are told apart: some are refused, some are taken', () => {
  const refused = variations
    .filter(([, object]) => verdict(object, own).refused.length > 0)
    .map(([name]) => name)
  assert.ok(
    refused.includes('rate 0') && refused.includes('another strategy') && refused.includes('no image'),
  )
  assert.not(refused.includes('waitTakeover 0'))
})

test('both bounds of a budget are refused; the real server has a rule for it', () => {
  const both = core({ minAvailable: 1, maxUnavailable: 1 })
  assert.is(verdict(both, own).refused.length, 1)
  const rules =
    theirs.properties?.spec?.properties?.coreTemplate?.properties?.spec?.['x-kubernetes-validations']
  assert.match(JSON.stringify(rules), /mutually exclusive/)
})

test('a status of the recording is taken as it is', () => {
  for (const { kind, object } of recordedWatch('v2beta1-2.2.29/b-s1')) {
    if (kind !== 'CR') continue
    const seen = verdict(object as unknown as Plain, own)
    assert.equal([seen.dropped, seen.refused], [[], []])
  }
})

test('the same names, subresources and printed columns', () => {
  assert.equal(ours.metadata, { name: real.metadata.name })
  assert.equal(ours.spec.names, real.spec.names)
  assert.is(ours.spec.scope, real.spec.scope)
  assert.equal(versionOf(ours).subresources, versionOf(real).subresources)
  const plain = ({ additionalPrinterColumns = [] }: Version) =>
    additionalPrinterColumns.map(({ name, type, jsonPath }) => ({ name, type, jsonPath }))
  assert.equal(plain(versionOf(ours)), plain(versionOf(real)))
})

test('line 2.1.2 does not know it', () => {
  assert.equal(
    definitions(LINES['2.1.2']).map(({ metadata }) => metadata.name),
    ['emqxenterprises.apps.emqx.io', 'emqxplugins.apps.emqx.io'],
  )
})

/** The resource as it was before and after the operator wrote it back. */
function recordedWriteBack(): { before: Emqx; after: Emqx } {
  const all = recordedWatch('v2beta1-2.2.29/b-s1').filter(({ kind }) => kind === 'CR')
  const of = (generation: number) =>
    all.find(({ object }) => object.metadata.generation === generation)!.object as Emqx
  return { before: of(1), after: of(2) }
}

test('what the operator writes back is what the real one wrote', () => {
  const { before, after } = recordedWriteBack()
  const written = verdict(asWrittenBack(before) as unknown as Plain, own)
  assert.equal(written.refused, [])
  assert.equal((written.object as unknown as Emqx).spec, after.spec)
  assert.not.equal(before.spec, after.spec)
})

test('a part of the strategy gets its rates only by being written back, and no wait', () => {
  const partial = verdict(spec({ updateStrategy: { type: 'Recreate' } }), own).object as unknown as Emqx
  assert.equal(partial.spec.updateStrategy, { type: 'Recreate' })
  const { object } = verdict(asWrittenBack(partial) as unknown as Plain, own)
  assert.equal((object as unknown as Emqx).spec.updateStrategy, {
    type: 'Recreate',
    evacuationStrategy: { connEvictRate: 1000, sessEvictRate: 1000 },
  })
})

test.run()
