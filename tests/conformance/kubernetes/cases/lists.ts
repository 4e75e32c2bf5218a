import * as assert from 'uvu/assert'
import { type Cases, configMap, refused, type World } from '../world.ts'

const MAPS = 'configmaps'

const namesOf = ({ items }: { items: { metadata: { name: string } }[] }) =>
  items.map(({ metadata }) => metadata.name)

/** Maps a to d: tier front or back, and d without labels. */
async function four(world: World): Promise<void> {
  await world.create(MAPS, configMap('a', {}, { labels: { tier: 'front', app: 'x' } }))
  await world.create(MAPS, configMap('b', {}, { labels: { tier: 'back', app: 'x' } }))
  await world.create(MAPS, configMap('c', {}, { labels: { tier: 'back' } }))
  await world.create(MAPS, configMap('d'))
}

/** The namespace's own map of the root certificate is no concern of these cases. */
const list = async (world: World, query: string) => {
  const names = namesOf(await world.read(`${world.path(MAPS)}?${query}`))
  return names.filter((name) => name !== 'kube-root-ca.crt')
}

/** Lists, selectors and chunks. */
export const listCases: Cases = {
  'a list has a kind, a version, and items without their kind': async (world) => {
    await world.create(MAPS, configMap('a', { x: 'y' }))
    const body = await world.read(`${world.path(MAPS)}?fieldSelector=metadata.name%3Da`)
    assert.is(body.kind, 'ConfigMapList')
    assert.is(body.apiVersion, 'v1')
    assert.match(body.metadata.resourceVersion, /^\d+$/)
    assert.is(body.items[0].kind, undefined)
    assert.equal(body.items[0].data, { x: 'y' })
  },

  'labels are selected by equality, sets and presence': async (world) => {
    await four(world)
    const selected = (selector: string) => list(world, `labelSelector=${encodeURIComponent(selector)}`)
    assert.equal(await selected('tier=back'), ['b', 'c'])
    assert.equal(await selected('tier==back,app=x'), ['b'])
    assert.equal(await selected('tier!=back'), ['a', 'd'])
    assert.equal(await selected('tier in (front, back)'), ['a', 'b', 'c'])
    assert.equal(await selected('tier notin (front)'), ['b', 'c', 'd'])
    assert.equal(await selected('app'), ['a', 'b'])
    assert.equal(await selected('!app'), ['c', 'd'])
  },

  'a selector that cannot be parsed': async (world) => {
    const answer = await world.get(`${world.path(MAPS)}?labelSelector=a%20b`)
    assert.is(answer.status, 400)
    assert.is(answer.body.reason, 'BadRequest')
    refused(
      await world.get(`${world.path(MAPS)}?fieldSelector=spec.colour%3Dred`),
      400,
      'BadRequest',
      '"spec.colour" is not a known field selector: only "metadata.name", "metadata.namespace"',
    )
  },

  'fields are selected by name and namespace': async (world) => {
    await four(world)
    assert.equal(await list(world, 'fieldSelector=metadata.name%3Db'), ['b'])
    assert.equal(await list(world, 'fieldSelector=metadata.name!%3Db%2Cmetadata.name!%3Da'), ['c', 'd'])
    const everywhere = await world.read(
      `/api/v1/configmaps?fieldSelector=metadata.namespace%3D${world.namespace}&labelSelector=tier`,
    )
    assert.equal(namesOf(everywhere), ['a', 'b', 'c'])
  },

  'pods are selected by node and phase': async (world) => {
    for (const [name, nodeName] of [
      ['bound', 'somewhere'],
      ['free', undefined],
    ] as const)
      await world.create('pods', {
        metadata: { name },
        spec: { schedulerName: 'nobody', nodeName, containers: [{ name: 'main', image: 'image:1' }] },
      })
    const selected = async (selector: string) =>
      namesOf(await world.read(`${world.path('pods')}?fieldSelector=${encodeURIComponent(selector)}`))
    assert.equal(await selected('spec.nodeName=somewhere'), ['bound'])
    assert.equal(await selected('spec.nodeName='), ['free'])
    assert.equal(await selected('status.phase=Pending'), ['bound', 'free'])
    assert.equal(await selected('status.phase!=Pending'), [])
  },

  'a list comes in chunks': async (world) => {
    for (const name of ['a', 'b', 'c', 'd'])
      await world.create('secrets', { metadata: { name, labels: { x: 'y' } } })
    const all = `${world.path('secrets')}?limit=2&labelSelector=x`
    const first = await world.read(all)
    assert.equal(namesOf(first), ['a', 'b'])
    // The count of the rest would need every object to be examined.
    assert.is(first.metadata.remainingItemCount, undefined)
    const rest = await world.read(`${all}&continue=${encodeURIComponent(first.metadata.continue)}`)
    assert.equal(namesOf(rest), ['c', 'd'])
    assert.is(rest.metadata.continue, undefined)
    assert.is(rest.metadata.resourceVersion, first.metadata.resourceVersion)
  },

  'a chunk says how many are left': async (world) => {
    for (const name of ['a', 'b', 'c']) await world.create('secrets', { metadata: { name } })
    const first = await world.read(`${world.path('secrets')}?limit=1`)
    assert.is(first.metadata.remainingItemCount, 2)
    const second = await world.read(
      `${world.path('secrets')}?limit=1&continue=${encodeURIComponent(first.metadata.continue)}`,
    )
    assert.is(second.metadata.remainingItemCount, 1)
    assert.equal(namesOf(second), ['b'])
  },

  'chunks are of one moment': async (world) => {
    for (const name of ['a', 'c']) await world.create('secrets', { metadata: { name } })
    const first = await world.read(`${world.path('secrets')}?limit=1`)
    await world.create('secrets', { metadata: { name: 'b' } })
    const rest = await world.read(
      `${world.path('secrets')}?continue=${encodeURIComponent(first.metadata.continue)}`,
    )
    assert.equal(namesOf(rest), ['c'])
  },

  'a token that is none': async (world) => {
    refused(
      await world.get(`${world.path(MAPS)}?limit=1&continue=xyz`),
      400,
      'BadRequest',
      /^invalid continue token: continue key is not valid: /,
    )
  },

  'a version that has not come yet': async (world) => {
    const answer = await world.get(`${world.path(MAPS)}?resourceVersion=999999999`)
    refused(answer, 504, 'Timeout', /^Timeout: Too large resource version: 999999999, current: \d+$/)
  },

  'kubectl gets tables': async (world) => {
    await world.create(MAPS, configMap('a', { x: 'y' }))
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const { body } = await world.get(`${world.path(MAPS)}?fieldSelector=metadata.name%3Da`, {
      headers: { accept },
    })
    assert.is(body.kind, 'Table')
    assert.equal(
      body.columnDefinitions.map(({ name }: { name: string }) => name),
      ['Name', 'Data', 'Age'],
    )
    assert.equal(body.rows[0].cells.slice(0, 2), ['a', 1])
    assert.is(body.rows[0].object.kind, 'PartialObjectMetadata')
  },

  'metadata alone': async (world) => {
    await world.create(MAPS, configMap('a', { x: 'y' }))
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
    const { body } = await world.get(world.path(MAPS, 'a'), { headers: { accept } })
    assert.is(body.kind, 'PartialObjectMetadata')
    assert.is(body.apiVersion, 'meta.k8s.io/v1')
    assert.is(body.data, undefined)
    assert.is(body.metadata.name, 'a')
  },
}
