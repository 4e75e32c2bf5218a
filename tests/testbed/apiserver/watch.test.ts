import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { configMap, harness, watchLines, withHarness } from './harness.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const MERGE = { 'content-type': 'application/merge-patch+json' }

withHarness(test)

/** The next `count` events of a watch as "TYPE name". */
async function collect(path: string, count: number): Promise<string[]> {
  const seen: string[] = []
  for await (const { type, object } of watchLines(harness, path)) {
    seen.push(`${type} ${object.metadata?.name ?? object.reason}`)
    if (seen.length === count) break
  }
  return seen
}

test('a watch from a version replays what came after it, then goes on', async () => {
  const { ask } = harness
  await ask('POST', MAPS, configMap('before'))
  const { metadata } = (await ask('GET', MAPS)).body
  await ask('POST', MAPS, configMap('after'))
  const events = collect(`${MAPS}?watch=1&resourceVersion=${metadata.resourceVersion}`, 4)
  await ask('PATCH', `${MAPS}/after`, { data: { a: 'b' } }, MERGE)
  await ask('DELETE', `${MAPS}/after`)
  await ask('POST', MAPS, configMap('last'))
  assert.equal(await events, ['ADDED after', 'MODIFIED after', 'DELETED after', 'ADDED last'])
})

test('a watch without a version begins with everything', async () => {
  await harness.ask('POST', MAPS, configMap('one'))
  await harness.ask('POST', MAPS, configMap('two'))
  assert.equal(await collect(`${MAPS}?watch=true`, 2), ['ADDED one', 'ADDED two'])
})

test('objects enter and leave a watch as their labels change', async () => {
  const { ask } = harness
  const events = collect(`${MAPS}?watch=1&resourceVersion=1&labelSelector=in%3Dyes`, 3)
  await ask('POST', MAPS, configMap('x', {}, { in: 'no' }))
  await ask('PATCH', `${MAPS}/x`, { metadata: { labels: { in: 'yes' } } }, MERGE)
  await ask('PATCH', `${MAPS}/x`, { data: { a: '1' } }, MERGE)
  await ask('PATCH', `${MAPS}/x`, { metadata: { labels: { in: 'no' } } }, MERGE)
  await ask('DELETE', `${MAPS}/x`)
  assert.equal(await events, ['ADDED x', 'MODIFIED x', 'DELETED x'])
})

test('a version that is too old is told so, one from the future too', async () => {
  const { ask } = harness
  await ask('POST', MAPS, configMap('x'))
  for (let i = 0; i < 4200; i += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, j) => ask('PUT', `${MAPS}/x`, configMap('x', { n: `${i + j}` }))),
    )
  for await (const { type, object } of watchLines(harness, `${MAPS}?watch=1&resourceVersion=1`)) {
    assert.is(type, 'ERROR')
    assert.is(object.code, 410)
    assert.is(object.reason, 'Expired')
    assert.match(object.message, /^too old resource version: 1 \(\d+\)$/)
  }
  const future = await ask('GET', `${MAPS}?resourceVersion=99999999`)
  assert.is(future.status, 504)
  assert.match(future.body.message, /Too large resource version/)
})

test('timeoutSeconds ends a watch, with a bookmark of how far it came', async () => {
  const { ask } = harness
  await ask('POST', MAPS, configMap('x'))
  await ask('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 's' } })
  const { resourceVersion } = (await ask('GET', MAPS)).body.metadata
  const seen = []
  for await (const event of watchLines(
    harness,
    `${MAPS}?watch=1&resourceVersion=1&timeoutSeconds=1&allowWatchBookmarks=true`,
  ))
    seen.push(event)
  assert.is(seen.at(-1)!.type, 'BOOKMARK')
  assert.is(seen.at(-1)!.object.metadata.resourceVersion, resourceVersion)
})

test('a watch of a deleted pod ends with its last state under a new version', async () => {
  const { ask } = harness
  await ask('POST', MAPS, configMap('x', { a: '1' }))
  const events: { type: string; object: { data: object; metadata: { resourceVersion: string } } }[] = []
  const done = (async () => {
    for await (const event of watchLines(harness, `${MAPS}?watch=1&resourceVersion=1`)) {
      events.push(event as never)
      if (events.length === 2) break
    }
  })()
  await ask('DELETE', `${MAPS}/x`)
  await done
  assert.is(events[1]!.type, 'DELETED')
  assert.equal(events[1]!.object.data, { a: '1' })
  assert.ok(
    Number(events[1]!.object.metadata.resourceVersion) > Number(events[0]!.object.metadata.resourceVersion),
  )
})

test('as a Table, a watch sends its headers once', async () => {
  await harness.ask('POST', MAPS, configMap('x'))
  await harness.ask('POST', MAPS, configMap('y', { a: 'b' }))
  const tables = []
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
  for await (const { object } of watchLines(harness, `${MAPS}?watch=1`, { accept })) {
    tables.push(object)
    if (tables.length === 2) break
  }
  assert.is(tables[0].kind, 'Table')
  assert.equal(
    tables[0].columnDefinitions.map((column: { name: string }) => column.name),
    ['Name', 'Data', 'Age'],
  )
  assert.equal(tables[1].columnDefinitions, [])
  assert.is(tables[1].rows[0].cells[1], 1)
})

test.run()
