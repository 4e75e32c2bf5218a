import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KubeApiError } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { changeBegun, rememberBefore } from '#weir/scenarios/waits/change-begun.ts'
import { until } from '../../bench/support/until.ts'
import { cr, type FakeRun, fakeRun, pod, set } from '../fake-run.ts'

const resource = (generation: number, version: string): KubeObject => ({
  metadata: { name: 'emqx-ee', generation },
  spec: { replicas: 1, template: { spec: { emqxContainer: { image: { version } } } } },
})

/** A run over a settled cluster of one pod, and what its API server will answer. */
function quiet(): { run: FakeRun; server: { resource: KubeObject } } {
  const server = { resource: resource(1, '4.4.14') }
  const run = fakeRun({ kube: { server: 'https://server' } })
  run.cluster.resource = async <T>() => server.resource as T
  run.observe(cr(true), set('blue', 1), pod('blue-0'))
  return { run, server }
}

/** Polls once, and runs `after` if the condition holds. */
async function poll(run: FakeRun): Promise<string | undefined> {
  const missing = await changeBegun.poll(run)
  if (missing === undefined) await changeBegun.after?.(run)
  return missing
}

/** The API server does not answer the next questions. */
function fallSilent(run: FakeRun, questions: number): void {
  const { resource } = run.cluster
  let left = questions
  run.cluster.resource = async <T>() => {
    if (left-- > 0) throw new KubeApiError(503, 'ServiceUnavailable', 'etcd has no leader')
    return resource() as Promise<T>
  }
}
const marks = (run: FakeRun) => run.of('mark').map(({ name }) => name)

test('nothing happens while nobody changes anything', async () => {
  const { run } = quiet()
  assert.match((await poll(run)) ?? '', /EmqxEnterprise emqx-ee has not been changed yet/)
  assert.is(run.state.trigger, undefined)
})

test('a new generation and a set that is made for it: the trigger stands where the generation was seen', async () => {
  const { run, server } = quiet()
  await poll(run)
  server.resource = resource(2, '4.4.19')
  run.observe({ ...cr(true), generation: 2 })
  const changedT = run.live.resource!.t
  assert.match((await poll(run)) ?? '', /generation 2, and no pod is being replaced yet/)
  run.observe({ ...cr(false), generation: 2 }, set('green', 0, 1))
  assert.is(await poll(run), undefined)
  assert.is(run.of('mark')[0]?.t, changedT)
  assert.is(run.state.trigger?.t, changedT)
  assert.is(run.state.trigger?.version, '4.4.19')
  assert.equal([...run.state.trigger!.pods], ['uid-blue-0'])
  assert.equal(run.state.trigger?.sets, ['blue'])
  assert.is(run.state.parameters?.targetVersion, '4.4.19')
})

test('a change whose new set is refused is told, and is an update however long it takes', async () => {
  const { run, server } = quiet()
  await poll(run)
  server.resource = resource(2, '4.4.19')
  const refusal = { type: 'refusal', kind: 'EmqxEnterprise', name: 'emqx-ee' } as const
  run.observe({ ...cr(true), generation: 2 }, { ...refusal, why: 'statefulsets is forbidden: no' })
  const told = 'changed to generation 2, but the operator cannot write what EmqxEnterprise emqx-ee needs'
  assert.match((await poll(run)) ?? '', told)
  run.nowNs += 90e9
  assert.match((await poll(run)) ?? '', told)
  run.observe(refusal, { ...cr(false), generation: 2 }, set('green', 0, 1))
  assert.is(await poll(run), undefined)
})

test('a set that is heard of before the change that it was made for', async () => {
  const { run } = quiet()
  await poll(run)
  run.observe(set('green', 0, 1))
  const setT = run.live.sets.find(({ name }) => name === 'green')!.t
  assert.match((await poll(run)) ?? '', /has not been changed/)
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await poll(run), undefined)
  assert.ok(run.state.trigger!.t < setT)
  assert.equal(run.state.trigger?.sets, ['blue'])
})

test('a set that nobody asked for belongs to before the change, after a while', async () => {
  const { run } = quiet()
  await poll(run)
  run.observe(set('stray', 1))
  await poll(run)
  run.nowNs += 6e9
  await poll(run)
  assert.equal(run.state.beforeChange?.sets, ['blue', 'stray'])
})

test('an old pod that goes is a sign as well: a rolling update makes no set', async () => {
  const { run } = quiet()
  await poll(run)
  run.observe({ ...cr(true), generation: 2 })
  assert.ok(await poll(run))
  run.observe(pod('blue-0', { deleting: true }))
  assert.is(await poll(run), undefined)
})

test('pods that came and went before the change belong to before it', async () => {
  const { run } = quiet()
  await poll(run)
  run.observe(pod('blue-0', { deleted: true }), pod('blue-0', { uid: 'second' }))
  await poll(run)
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await poll(run), undefined)
  assert.equal([...run.state.trigger!.pods], ['second'])
})

test('a change for which no pod is replaced is noted, and the wait goes on', async () => {
  const { run, server } = quiet()
  await poll(run)
  server.resource = resource(2, '4.4.14')
  run.observe({ ...cr(true), generation: 2 })
  await poll(run)
  run.nowNs += 61e9
  assert.match((await poll(run)) ?? '', /was no update/)
  assert.is(run.of('note').length, 1)
  assert.match((await poll(run)) ?? '', /has not been changed yet \(generation 2\)/)
  assert.equal(marks(run), [])
  run.observe({ ...cr(false), generation: 3 })
  assert.is(await poll(run), undefined)
})

test('a change between remembering and the first look is a change', async () => {
  const { run, server } = quiet()
  await rememberBefore(run)
  server.resource = resource(2, '4.4.19')
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await poll(run), undefined)
  assert.is(run.state.trigger?.version, '4.4.19')
})

test('one that the server knows of and the watch not yet: it is waited for, and its version is not taken for the old one', async () => {
  const { run, server } = quiet()
  server.resource = resource(2, '4.4.19')
  await rememberBefore(run)
  assert.match((await poll(run)) ?? '', /has not been changed/)
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await poll(run), undefined)
  assert.is(run.state.trigger?.version, '4.4.19')
})

test('the server does not answer at the change: it is marked, told, and asked again', async () => {
  const { run, server } = quiet()
  await poll(run)
  server.resource = resource(2, '4.4.19')
  run.observe({ ...cr(true), generation: 2 })
  const changedT = run.live.resource!.t
  run.observe(set('green', 0, 1))
  fallSilent(run, 2)
  assert.is(await poll(run), undefined)
  assert.is(run.state.trigger?.t, changedT)
  assert.is(run.state.trigger?.version, '4.4.19')
  assert.is(run.state.parameters?.targetVersion, '4.4.19')
  assert.equal(marks(run), ['trigger'])
  const failures = run.of('api-failure')
  assert.equal(
    failures.map(({ api, status }) => `${api} ${status}`),
    ['kubernetes 503', 'kubernetes 503'],
  )
  assert.ok(failures.every(({ t }) => t > changedT))
})

test('the run ends while the server does not answer: it ends with its own reason, and the mark stands', async () => {
  const { run } = quiet()
  await poll(run)
  run.observe({ ...cr(false), generation: 2 })
  fallSilent(run, Number.POSITIVE_INFINITY)
  const looking = poll(run).then(
    () => undefined,
    (error: unknown) => error,
  )
  await until('it was asked', () => run.of('api-failure').length > 0)
  run.lose('no more of it')
  assert.match(String(await looking), /no more of it/)
  assert.equal(marks(run), ['trigger'])
})

test('the server does not answer before any change: the wait goes on, and the change’s version is told', async () => {
  const { run, server } = quiet()
  fallSilent(run, 1)
  assert.match((await poll(run)) ?? '', /has not been changed/)
  assert.is(run.of('api-failure').length, 1)
  server.resource = resource(2, '4.4.19')
  run.observe({ ...cr(false), generation: 2 })
  assert.is(await poll(run), undefined)
  assert.is(run.state.trigger?.version, '4.4.19')
})

test.run()
