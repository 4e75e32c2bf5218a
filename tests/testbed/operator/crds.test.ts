import { readdirSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import type { EmulatedLine } from '#weir/facts/index.ts'
import { mergePatch } from '#weir/testbed/apiserver/operations/patch.ts'
import { applyJsonPatch } from '#weir/testbed/apiserver/patch/json-patch.ts'
import type { Schema } from '#weir/testbed/apiserver/schema/types.ts'
import { definitions } from '#weir/testbed/operator/crds.ts'
import { LINES } from '#weir/testbed/operator/lines.ts'
import { projectFile } from '../../support/project-file.ts'
import { fixture, zipped } from './recording.ts'
import { type Plain, verdict } from './schema-verdict.ts'

/** The operator's own definition, which is data for tests and no part of the product. */
interface Definition {
  spec: {
    versions: {
      name: string
      schema: { openAPIV3Schema: Schema }
      subresources?: unknown
      additionalPrinterColumns?: unknown[]
    }[]
  }
}

const v1beta4 = (definition: Definition) => {
  const version = definition.spec.versions.find(({ name }) => name === 'v1beta4')
  if (version === undefined) throw new Error('no v1beta4')
  return version
}
const real = (line: EmulatedLine) => v1beta4(parse(zipped(`${line}/crd.yaml.gz`)) as Definition)
const ours = (line: EmulatedLine) => v1beta4(definitions(LINES[line])[0] as unknown as Definition)

const base = parse(fixture('samples/00-base-bluegreen-nodeport.yaml')) as Plain

function samples(): [string, Plain][] {
  return readdirSync(projectFile('tests/fixtures/operator/samples/')).map((name) => {
    const content = parse(fixture(`samples/${name}`)) as Plain
    if (name.endsWith('.patch.json')) return [name, applyJsonPatch(base, content as never) as Plain]
    if (name.includes('.patch.')) return [name, mergePatch(base, content) as Plain]
    return [name, content]
  })
}

const container = (fields: Plain): Plain =>
  mergePatch(base, { spec: { template: { spec: { emqxContainer: fields } } } }) as Plain
const spec = (fields: Plain): Plain => mergePatch(base, { spec: fields }) as Plain

const variations: [string, Plain][] = [
  ['rate 0', spec({ blueGreenUpdate: { evacuationStrategy: { connEvictRate: 0 } } })],
  ['session rate 0', spec({ blueGreenUpdate: { evacuationStrategy: { sessEvictRate: 0 } } })],
  ['waitTakeover -1', spec({ blueGreenUpdate: { evacuationStrategy: { waitTakeover: -1 } } })],
  ['waitTakeover 0', spec({ blueGreenUpdate: { evacuationStrategy: { waitTakeover: 0 } } })],
  ['negative delay', spec({ blueGreenUpdate: { initialDelaySeconds: -5 } })],
  ['replicas as text', spec({ replicas: '3' })],
  ['replicas left out', spec({ replicas: null })],
  ['unknown fields', spec({ replica: 3, blueGreenUpdate: { pause: true } })],
  ['pull policy', container({ image: { version: '4.4.14', pullPolicy: 'Sometimes' } })],
  ['no version', container({ image: { version: null } })],
  ['container name', container({ name: 'emqx' })],
  ['short key', container({ bootstrapAPIKeys: [{ key: 'a-b', secret: 'xy' }] })],
  ['key without secret', container({ bootstrapAPIKeys: [{ key: 'ab' }] })],
  ['bad quantity', container({ resources: { limits: { cpu: 'two', memory: '1Gi' } } })],
  ['number in configuration', container({ emqxConfig: { 'zone.external.max_packet': 5 } })],
  ['port without number', spec({ serviceTemplate: { spec: { ports: [{ name: 'mqtt' }] } } })],
  ['same port twice', spec({ serviceTemplate: { spec: { ports: [{ port: 1883 }, { port: 1883 }] } } })],
  ['persistent without spec', spec({ persistent: { metadata: { name: 'data' } } })],
]

/** The lines of which the definition of a release is kept here. */
const RELEASED: readonly EmulatedLine[] = ['2.1.2', '2.2.29']

for (const line of RELEASED) {
  const theirs = real(line)
  const own = ours(line)

  for (const [name, object] of [...samples(), ...variations])
    test(`${line}, ${name}: our schema says what the operator's own says`, () => {
      assert.equal(
        verdict(object, own.schema.openAPIV3Schema),
        verdict(object, theirs.schema.openAPIV3Schema),
      )
    })

  test(`${line}: the same subresources and printed columns`, () => {
    assert.equal(own.subresources, theirs.subresources)
    const plain = (columns: unknown) =>
      (columns as { name: string; type: string; jsonPath: string }[]).map(({ name, type, jsonPath }) => ({
        name,
        type,
        jsonPath,
      }))
    assert.equal(plain(own.additionalPrinterColumns), plain(theirs.additionalPrinterColumns))
  })
}

test('the variations are told apart: some are refused, some are taken', () => {
  const schema = ours('2.2.29').schema.openAPIV3Schema
  const refused = variations
    .filter(([, object]) => verdict(object, schema).refused.length > 0)
    .map(([name]) => name)
  assert.ok(refused.includes('rate 0') && refused.includes('pull policy'))
  assert.not(refused.includes('waitTakeover 0'))
})

test.run()
