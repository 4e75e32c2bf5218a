import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, WatchHandler } from '#weir/cluster/kubernetes/types.ts'
import { Cache } from '#weir/testbed/runtime/cache.ts'

const object = (name: string, version: number): KubeObject => ({
  metadata: { name, resourceVersion: String(version) },
})

/** A cache whose watch is in the test's hands. */
function makeCache() {
  let handler: WatchHandler<KubeObject> | undefined
  const kube = {
    watch(_resource: unknown, _options: unknown, given: WatchHandler<KubeObject>) {
      handler = given
      return { ready: Promise.resolve(), stop() {} }
    },
  } as unknown as KubeApi
  const seen: string[] = []
  const show = (each: KubeObject | undefined) => each?.metadata.resourceVersion ?? '-'
  const cache = new Cache<KubeObject>(kube, resources.configMaps, (now, before) => {
    seen.push(`${(now ?? before)!.metadata.name} ${show(before)}>${show(now)}`)
  })
  return { cache, handler: handler!, seen }
}

test('every change is told with what was before', () => {
  const { handler, seen } = makeCache()
  handler.onList([object('a', 1), object('b', 2)], '2')
  handler.onEvent('MODIFIED', object('a', 3))
  handler.onEvent('DELETED', object('b', 4))
  assert.equal(seen, ['a ->1', 'b ->2', 'a 1>3', 'b 2>-'])
})

test('a listing after a gap tells what came, what changed and what went', () => {
  const { handler, seen } = makeCache()
  handler.onList([object('gone', 1), object('same', 2), object('changed', 3)], '3')
  seen.length = 0
  handler.onList([object('same', 2), object('changed', 7), object('new', 8)], '9')
  assert.equal(seen, ['gone 1>-', 'changed 3>7', 'new ->8'])
})

test('what was learned from an answer is not undone by older news', () => {
  const { cache, handler, seen } = makeCache()
  handler.onList([object('a', 1)], '1')
  cache.learn(object('a', 5))
  cache.learn(object('made', 6))
  handler.onEvent('MODIFIED', object('a', 3))
  handler.onEvent('DELETED', object('a', 4))
  handler.onList([], '4')
  assert.is(cache.get('/a')!.metadata.resourceVersion, '5')
  assert.is(cache.get('/made')!.metadata.resourceVersion, '6')
  assert.equal(seen, ['a ->1', 'a 1>5', 'made ->6'])
  handler.onEvent('DELETED', object('a', 9))
  assert.is(cache.get('/a'), undefined)
})

test('in whatever order a newest version is heard of, it stays', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (versions) => {
      const { cache, handler } = makeCache()
      versions.forEach((version, i) => {
        if (i % 2) cache.learn(object('a', version))
        else handler.onEvent('MODIFIED', object('a', version))
      })
      assert.is(cache.get('/a')!.metadata.resourceVersion, String(Math.max(...versions)))
    }),
  )
})

test.run()
