import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { changeBegun, rememberBefore } from '#weir/scenarios/waits/change-begun.ts'
import { cr, type FakeRun, fakeRun, pod, set } from '../fake-run.ts'

const resource = (generation: number, version: string): KubeObject => ({
  metadata: { name: 'emqx-ee', generation },
  spec: { replicas: 1, template: { spec: { emqxContainer: { image: { version } } } } },
})

/** A run over a settled cluster of one pod, and what its API server will answer. */
function quiet(): { run: FakeRun; server: { resource: KubeObject } } {
  const server = { resource: resource(1, '4.4.14') }
  const run = fakeRun()
  run.cluster.resource = async <T>() => server.resource as T
  run.observe(cr(true), set('blue', 1), pod('blue-0'))
  return { run, server }
}

const look = (run: FakeRun) => changeBegun.look(run)
const marks = (run: FakeRun) => run.of('mark').map(({ name }) => name)

test('nothing happens while nobody changes anything', async () => {
  const { run } = quiet()
  assert.match((await look(run)) ?? '', /nobody has changed EmqxEnterprise emqx-ee yet/)
  assert.is(run.trigger, undefined)
})

test('a new generation and a set that is made for it: the trigger stands where the generation was seen', async () => {
  const { run, server } = quiet()
  await look(run)
  server.resource = resource(2, '4.4.19')
  run.observe({ ...cr(true), generation: 2 })
  const changedT = run.live.resource!.t
  assert.match((await look(run)) ?? '', /generation 2, and no pod is being replaced yet/)
  run.observe({ ...cr(false), generation: 2 }, set('green', 0, 1))
  assert.is(await look(run), undefined)
  assert.is(run.of('mark')[0]?.t, changedT)
  assert.is(run.trigger?.t, changedT)
  assert.is(run.trigger?.version, '4.4.19')
  assert.equal([...run.trigger!.pods], ['uid-blue-0'])
  assert.equal(run.trigger?.sets, ['blue'])
  assert.is(run.parameters?.targetVersion, '4.4.19')
})

test('a set that is heard of before the change that it was made for', async () => {
  const { run } = quiet()
  await look(run)
  run.observe(set('green', 0, 1))
  const setT = run.live.sets.find(({ name }) => name === 'green')!.t
  assert.match((await look(run)) ?? '', /nobody has changed/)
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await look(run), undefined)
  assert.ok(run.trigger!.t < setT)
  assert.equal(run.trigger?.sets, ['blue'])
})

test('a set that nobody asked for belongs to before the change, after a while', async () => {
  const { run } = quiet()
  await look(run)
  run.observe(set('stray', 1))
  await look(run)
  run.nowNs += 6e9
  await look(run)
  assert.equal(run.beforeChange?.sets, ['blue', 'stray'])
})

test('an old pod that goes is a sign as well: a rolling update makes no set', async () => {
  const { run } = quiet()
  await look(run)
  run.observe({ ...cr(true), generation: 2 })
  assert.ok(await look(run))
  run.observe(pod('blue-0', { deleting: true }))
  assert.is(await look(run), undefined)
})

test('pods that came and went before the change belong to before it', async () => {
  const { run } = quiet()
  await look(run)
  run.observe(pod('blue-0', { deleted: true }), pod('blue-0', { uid: 'second' }))
  await look(run)
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await look(run), undefined)
  assert.equal([...run.trigger!.pods], ['second'])
})

test('a change for which no pod is replaced is noted, and the wait goes on', async () => {
  const { run, server } = quiet()
  await look(run)
  server.resource = resource(2, '4.4.14')
  run.observe({ ...cr(true), generation: 2 })
  await look(run)
  run.nowNs += 61e9
  assert.match((await look(run)) ?? '', /was no update/)
  assert.is(run.of('note').length, 1)
  assert.match((await look(run)) ?? '', /nobody has changed .* \(generation 2\)/)
  assert.equal(marks(run), [])
  run.observe({ ...cr(false), generation: 3 })
  assert.is(await look(run), undefined)
})

test('a change between remembering and the first look is a change', async () => {
  const { run, server } = quiet()
  await rememberBefore(run)
  server.resource = resource(2, '4.4.19')
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await look(run), undefined)
  assert.is(run.trigger?.version, '4.4.19')
})

test('one that the server knows of and the watch not yet: it is waited for, and its version is not taken for the old one', async () => {
  const { run, server } = quiet()
  server.resource = resource(2, '4.4.19')
  await rememberBefore(run)
  assert.match((await look(run)) ?? '', /nobody has changed/)
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await look(run), undefined)
  assert.is(run.trigger?.version, '4.4.19')
})

test.run()
