import * as assert from 'uvu/assert'
import { type Cases, configMap, type WatchEvent, type World } from '../world.ts'

const MAPS = 'configmaps'
/** Of the cases' own, not the namespace's map of the root certificate. */
const OWN = 'labelSelector=own'

const map = (name: string, labels: object = {}) => configMap(name, {}, { labels: { own: 'yes', ...labels } })
const shown = (events: WatchEvent[]) => events.map(({ type, object }) => `${type} ${object.metadata.name}`)
const versionOf = async (world: World) => (await world.read(world.path(MAPS))).metadata.resourceVersion

/** Watches and resourceVersion. */
export const watchCases: Cases = {
  'a watch from a version replays what came after it, and goes on': async (world) => {
    await world.create(MAPS, map('before'))
    const from = await versionOf(world)
    await world.create(MAPS, map('after'))
    const events = world.events(`${world.path(MAPS)}?watch=1&${OWN}&resourceVersion=${from}`, 4)
    await world.patch(world.path(MAPS, 'after'), { data: { a: 'b' } })
    await world.remove(world.path(MAPS, 'after'))
    await world.create(MAPS, map('last'))
    assert.equal(shown(await events), ['ADDED after', 'MODIFIED after', 'DELETED after', 'ADDED last'])
  },

  'a watch without a version begins with everything': async (world) => {
    await world.create(MAPS, map('one'))
    await world.create(MAPS, map('two'))
    const events = await world.events(`${world.path(MAPS)}?watch=true&${OWN}`, 2)
    assert.equal(shown(events).sort(), ['ADDED one', 'ADDED two'])
    assert.is(events[0]!.object.kind, 'ConfigMap')
  },

  'objects enter and leave a watch with their labels': async (world) => {
    const from = await versionOf(world)
    const events = world.events(
      `${world.path(MAPS)}?watch=1&resourceVersion=${from}&labelSelector=in%3Dyes`,
      3,
    )
    await world.create(MAPS, map('x', { in: 'no' }))
    await world.patch(world.path(MAPS, 'x'), { metadata: { labels: { in: 'yes' } } })
    await world.patch(world.path(MAPS, 'x'), { data: { a: '1' } })
    await world.patch(world.path(MAPS, 'x'), { metadata: { labels: { in: 'no' } } })
    assert.equal(shown(await events), ['ADDED x', 'MODIFIED x', 'DELETED x'])
  },

  'one object is watched by its name': async (world) => {
    await world.create(MAPS, map('one'))
    await world.create(MAPS, map('two'))
    const events = await world.events(`${world.path(MAPS)}?watch=1&fieldSelector=metadata.name%3Dtwo`, 1)
    assert.equal(shown(events), ['ADDED two'])
  },

  'versions grow, and a deletion has its own': async (world) => {
    const from = await versionOf(world)
    await world.create(MAPS, map('one'))
    await world.patch(world.path(MAPS, 'one'), { data: { a: 'b' } })
    await world.remove(world.path(MAPS, 'one'))
    const events = await world.events(`${world.path(MAPS)}?watch=1&${OWN}&resourceVersion=${from}`, 3)
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion))
    assert.equal(
      versions,
      versions.toSorted((a, b) => a - b),
    )
    assert.is(new Set(versions).size, 3)
    assert.equal(events[2]!.object.data, { a: 'b' })
  },

  'timeoutSeconds ends a watch': async (world) => {
    const startedMs = Date.now()
    const events: WatchEvent[] = []
    for await (const event of world.watch(`${world.path(MAPS)}?watch=1&${OWN}&timeoutSeconds=1`))
      events.push(event)
    assert.equal(events, [])
    assert.ok(Date.now() - startedMs >= 900)
  },

  'a watch that begins with a list marks its end with a bookmark': async (world) => {
    await world.create(MAPS, map('one'))
    const query = `watch=1&${OWN}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`
    const [first, second] = await world.events(`${world.path(MAPS)}?${query}`, 2)
    assert.is(first!.type, 'ADDED')
    assert.is(second!.type, 'BOOKMARK')
    assert.is(second!.object.kind, 'ConfigMap')
    assert.equal(second!.object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' })
    assert.match(second!.object.metadata.resourceVersion, /^\d+$/)
  },

  'a watch of a custom resource from before it was there has expired': async (world) => {
    const group = `${world.namespace}.example.com`
    const { status, body } = await world.ask(
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      {
        metadata: { name: `things.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural: 'things', kind: 'Thing' },
          versions: [
            { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
          ],
        },
      },
    )
    assert.is(status, 201, JSON.stringify(body))
    const things = world.path(`${group}/v1/things`)
    await world.eventually('the resource', async () => (await world.get(things)).status === 200)
    const [event] = await world.events(`${things}?watch=1&resourceVersion=1`, 1)
    assert.is(event!.type, 'ERROR')
    const { code, reason, message, kind } = event!.object
    assert.equal([kind, code, reason], ['Status', 410, 'Expired'])
    assert.match(message, /^too old resource version: 1 \(\d+\)$/)
  },

  'a watch may want tables': async (world) => {
    await world.create(MAPS, map('one'))
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    for await (const { type, object } of world.watch(`${world.path(MAPS)}?watch=1&${OWN}`, { accept })) {
      assert.is(type, 'ADDED')
      assert.is(object.kind, 'Table')
      assert.equal(object.rows[0].cells.slice(0, 2), ['one', 0])
      break
    }
  },
}
