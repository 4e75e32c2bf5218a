/** Claims on a licence that several clusters share, with an API server that refuses a change of an object that another changed first. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dialects } from '#weir/cluster/dialects/index.ts'
import { claimConnections, type OtherLimit, transferTo, withdrawClaim } from '#weir/cluster/index.ts'
import { type KubeApi, KubeApiError, type KubeObject } from '#weir/cluster/kubernetes/types.ts'

interface Kept extends KubeObject {
  data: Record<string, string>
}

/** ConfigMaps in memory; each request takes a moment, so that others come between. */
function configMaps() {
  const kept = new Map<string, Kept>()
  let version = 0
  const moment = () => new Promise((resolve) => setImmediate(resolve))
  const kube = {
    async get(_resource: unknown, _namespace: string, name: string) {
      await moment()
      const found = kept.get(name)
      if (!found) throw new KubeApiError(404, 'NotFound', `${name} not found`)
      return structuredClone(found)
    },
    async create(_resource: unknown, object: Kept) {
      await moment()
      const { name } = object.metadata
      if (kept.has(name)) throw new KubeApiError(409, 'AlreadyExists', `${name} already exists`)
      kept.set(name, { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } })
    },
    async patch(_resource: unknown, _namespace: string, name: string, _type: string, body: Kept) {
      await moment()
      const found = kept.get(name)!
      if (body.metadata.resourceVersion !== found.metadata.resourceVersion)
        throw new KubeApiError(409, 'Conflict', `${name} was changed`)
      for (const [key, value] of Object.entries(body.data) as [string, string | null][])
        if (value === null) delete found.data[key]
        else found.data[key] = value
      found.metadata.resourceVersion = String(++version)
    },
  }
  return { kube: kube as unknown as KubeApi, kept }
}

const cluster = (name: string) => ({ dialect: dialects.v2beta1, namespace: 'default', name })
const claim = (kube: KubeApi, name: string, connections: number, others: OtherLimit[] = []) =>
  claimConnections(kube, 'default', {
    ...{ what: `EMQX default/${name}`, cluster: cluster(name), connections, total: 100 },
    others: async () => others,
  })
const outcomes = async (all: Promise<void>[]) => (await Promise.allSettled(all)).map(({ status }) => status)

for (let round = 1; round <= 20; round++)
  test(`of five clusters that race for the last of a licence exactly one wins (${round})`, async () => {
    const { kube } = configMaps()
    const said = await outcomes(['a', 'b', 'c', 'd', 'e'].map((name) => claim(kube, name, 60)))
    assert.is(said.filter((status) => status === 'fulfilled').length, 1, said.join(', '))
  })

test('all that fit are accepted, to the last connection', async () => {
  const { kube } = configMaps()
  const said = await outcomes(['a', 'b', 'c', 'd', 'e'].map((name) => claim(kube, name, 20)))
  assert.equal(new Set(said), new Set(['fulfilled']))
  let words = ''
  await claim(kube, 'f', 1).catch((error: Error) => {
    words = error.message
  })
  assert.match(
    words,
    /^EMQX default\/f keeps its connections \(rule licence-total\): 1 connections are more than the 0 that are left of 100: 5 other clusters have 100$/,
  )
})

test('what EMQX tells counts where it is more than what was claimed; a claim of its own does not count against a cluster', async () => {
  const { kube } = configMaps()
  await claim(kube, 'a', 10)
  const told: OtherLimit = { key: 'emqxes.default.a', what: 'EMQX default/a', limit: { found: 50, how: '' } }
  assert.equal(await outcomes([claim(kube, 'b', 51, [told])]), ['rejected'])
  assert.equal(await outcomes([claim(kube, 'b', 50, [told])]), ['fulfilled'])
  assert.equal(await outcomes([claim(kube, 'b', 40, [told])]), ['fulfilled'])
})

test('a claim that was given back, or has run out, counts no more', async () => {
  const { kube, kept } = configMaps()
  await claim(kube, 'a', 100)
  await withdrawClaim(kube, 'default', cluster('a'))
  await claim(kube, 'b', 100)
  kept.get('weir-licence')!.data['emqxes.default.b'] = JSON.stringify({
    connections: 100,
    until: '2020-01-01T00:00:00Z',
  })
  await claim(kube, 'c', 100)
  assert.equal(Object.keys(kept.get('weir-licence')!.data), ['emqxes.default.c'])
})

test('what is unknown is not left over', async () => {
  const { kube, kept } = configMaps()
  const told: OtherLimit = { key: 'emqxes.default.a', what: 'EMQX default/a', limit: { why: 'no answer' } }
  assert.equal(await outcomes([claim(kube, 'b', 1, [told])]), ['rejected'])
  assert.not.ok(kept.has('weir-licence'))
})

test('of two clusters of one name that go to a project at once one is refused', async () => {
  for (let round = 1; round <= 20; round++) {
    const { kube } = configMaps()
    const to = (namespace: string) =>
      transferTo(kube, 'default', {
        cluster: { ...cluster('emqx'), namespace },
        project: 'b',
        allows(projects) {
          if (Object.values(projects).includes('b')) throw new Error('taken')
        },
      })
    assert.equal((await outcomes([to('one'), to('two')])).toSorted(), ['fulfilled', 'rejected'])
  }
})

test.run()
