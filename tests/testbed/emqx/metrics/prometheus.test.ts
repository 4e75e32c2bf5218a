import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../../../support/project-file.ts'
import { api, testbed } from '../support/nodes.ts'
import { join } from '../support/raw-client.ts'

const fixture = (name: string) => readFileSync(projectFile(`tests/fixtures/emqx/${name}`), 'utf8')

interface Family {
  name: string
  type: string
  value: number
}

/** Families in order. Throws on a line that is neither a TYPE nor an unlabelled sample of the family before it. */
function parse(text: string): Family[] {
  assert.ok(text.endsWith('\n') && !text.endsWith('\n\n'), 'one trailing newline')
  const lines = text.slice(0, -1).split('\n')
  const families: Family[] = []
  for (let index = 0; index < lines.length; index += 2) {
    const declared = /^# TYPE (\w+) (gauge|counter)$/.exec(lines[index]!)
    const sample = /^(\w+) (-?[\d.]+)$/.exec(lines[index + 1] ?? '')
    assert.ok(declared !== null && sample !== null, `${lines[index]}\n${lines[index + 1]}`)
    assert.is(sample![1], declared![1])
    families.push({ name: declared![1]!, type: declared![2]!, value: Number(sample![2]) })
  }
  return families
}

const scrape = '/api/v4/emqx_prometheus?type=prometheus'

for (const [version, sample] of [
  ['4.4.14', 'v4_prometheus_4.4.14_excerpt.txt'],
  ['4.4.19', 'v4_prometheus_4.4.15plus_evacuating_node_excerpt.txt'],
] as const)
  test(`the text of ${version} has every family of the sample, with its type and in its order`, async () => {
    const { cluster, start } = testbed()
    const node = await start('emqx-ee-blue-0', { version })
    const answer = await api(node, 'GET', scrape)
    assert.is(answer.status, 200)
    assert.is(answer.headers.get('content-type'), 'text/plain')
    const families = parse(answer.text)
    const wanted = parse(`${fixture(sample).trim()}\n`)
    for (const { name, type } of wanted)
      assert.is(families.find((family) => family.name === name)?.type, type, name)
    assert.is(new Set(families.map(({ name }) => name)).size, families.length, 'each once')
    const order = families
      .map(({ name }) => name)
      .filter((name) => wanted.some((family) => family.name === name))
    const gauges = wanted.filter(({ name }) => name.endsWith('_count') || name.endsWith('_max'))
    assert.equal(
      order.filter((name) => gauges.some((family) => family.name === name)),
      gauges.map(({ name }) => name),
    )
    assert.is(
      families.some(({ name }) => name.startsWith('emqx_live_connections')),
      version !== '4.4.14',
    )
    cluster.close()
  })

test('4.4 spells it takeovered', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  const names = parse((await api(node, 'GET', scrape)).text).map(({ name }) => name)
  assert.ok(names.includes('emqx_session_takeovered'))
  assert.not.ok(names.includes('emqx_session_takenover'))
  assert.not.ok(names.includes('emqx_client_connect'), '5.x only')
  cluster.close()
})

test('a scrape is of one node alone', async () => {
  const { cluster, start } = testbed()
  const [one, other] = [await start('emqx-ee-blue-0'), await start('emqx-ee-blue-1')]
  await join(one.ip, { clientId: 'c' })
  const connected = async (node: typeof one) =>
    parse((await api(node, 'GET', scrape)).text).find(({ name }) => name === 'emqx_client_connected')?.value
  assert.is(await connected(one), 1)
  assert.is(await connected(other), 0)
  cluster.close()
})

test('without the type it is JSON, in the sections of the sample', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0', { version: '4.4.14' })
  const { json } = await api(node, 'GET', '/api/v4/emqx_prometheus')
  const sample = JSON.parse(fixture('v4_prometheus_default_json_excerpt.json'))
  assert.is(json.code, 0)
  assert.equal(Object.keys(json.data), Object.keys(sample.data))
  for (const [section, values] of Object.entries(sample.data as Record<string, object>))
    for (const name of Object.keys(values)) assert.type(json.data[section][name], 'number', name)
  cluster.close()
})

test('metrics need no credentials on either port, and wrong ones do no harm', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0')
  const wrong = `Basic ${Buffer.from('nobody:knows').toString('base64')}`
  for (const port of [8081, 18083])
    for (const authorization of [null, wrong, undefined])
      assert.is(
        (await api(node, 'GET', scrape, { port, ...(authorization !== undefined && { authorization }) }))
          .status,
        200,
      )
  cluster.close()
})

test.run()
