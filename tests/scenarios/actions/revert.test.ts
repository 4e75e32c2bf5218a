/** A change is taken back with the values from before it, and the cluster is waited for. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { change } from '#weir/scenarios/actions/change.ts'
import { inversePatch } from '#weir/scenarios/actions/inverse-patch.ts'
import { revert } from '#weir/scenarios/actions/revert.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { waits } from '#weir/scenarios/waits/index.ts'
import { cr, endpoints, fakeRun, pod } from '../fake-run.ts'

test('an inverse patch restores what was there, and removes what was not', () => {
  const before = { spec: { image: 'a', list: [1, 2], nested: { kept: 1, changed: 2 }, gone: 'x' } }
  const patch = {
    spec: { image: 'b', list: [3], nested: { changed: 3, fresh: 4 }, fresh: { deep: { er: 1 } }, gone: null },
  }
  assert.equal(inversePatch(patch, before), {
    spec: { image: 'a', list: [1, 2], nested: { changed: 2, fresh: null }, fresh: null, gone: 'x' },
  })
  assert.equal(inversePatch({ resources: { requests: { cpu: '1' } } }, { resources: {} }), {
    resources: { requests: null },
  })
  assert.equal(inversePatch({ a: { b: 1 } }, { a: 'text' }), { a: 'text' }, 'an object in place of a text')
})

const resource = (version: string, generation: number): KubeObject => ({
  metadata: { name: 'emqx-ee', generation },
  spec: { replicas: 3, template: { spec: { emqxContainer: { image: { version } } } } },
})
const PATCH = { spec: { template: { spec: { emqxContainer: { image: { version: '4.4.99' } } } } } }
const blue = [0, 1].map((i) => pod(`emqx-ee-blue-${i}`))
const green = pod('emqx-ee-green-0', { ready: false })

/** A run whose change to 4.4.99 was made. */
async function changed(scenario = 'blue-green-quick') {
  const sent: unknown[] = []
  const patch = async (...[, , , , body, options]: unknown[]) => {
    if (!(options as { dryRun?: boolean } | undefined)?.dryRun) sent.push(body)
    return resource(
      JSON.stringify(body).includes('4.4.99') ? '4.4.99' : '4.4.14',
      1 + Math.max(1, sent.length),
    )
  }
  const cluster = { resource: resource('4.4.14', 1), kube: { patch: patch as never } }
  const run = fakeRun(cluster, loadScenario(scenario))
  run.observe(...blue, endpoints(...blue.map(({ name }) => name)))
  await change(run, { action: 'upgrade', patch: PATCH, expect: 'accepted', version: '4.4.99' })
  return { run, sent }
}

test('revert sends the version from before, and is recorded; what is judged still begins with the change', async () => {
  const { run, sent } = await changed()
  await revert(run, new AbortController().signal)
  assert.equal(sent[1], { spec: { template: { spec: { emqxContainer: { image: { version: '4.4.14' } } } } } })
  assert.is(run.state.trigger?.takenBack, 3)
  assert.is(run.of('mark').length, 1)
  assert.equal(
    run.of('action').map(({ action, phase }) => `${action} ${phase}`),
    ['upgrade start', 'upgrade done', 'revert start', 'revert done'],
  )
})

test('nothing is taken back where nothing was changed, or once the run has ended', async () => {
  const never = fakeRun({ resource: resource('4.4.14', 1) })
  const error = await revert(never, new AbortController().signal).catch((thrown: Error) => thrown)
  assert.match(String(error), /nothing has been changed/)
  const { run, sent } = await changed()
  const over = new AbortController()
  over.abort(new Error('over'))
  assert.match(String(await revert(run, over.signal).catch((thrown: Error) => thrown)), /over/)
  assert.is(sent.length, 1)
})

test('a run that ends before its revert takes the change back all the same, and once', async () => {
  const { run, sent } = await changed('upgrade-unpullable')
  await run.cleanUp.all((stop) => stop())
  assert.equal(sent[1], { spec: { template: { spec: { emqxContainer: { image: { version: '4.4.14' } } } } } })
  const done = await changed('upgrade-unpullable')
  await revert(done.run, new AbortController().signal)
  await done.run.cleanUp.all((stop) => stop())
  assert.is(done.sent.length, 2)
  const stays = await changed()
  await stays.run.cleanUp.all((stop) => stop())
  assert.is(stays.sent.length, 1, 'a scenario without revert takes nothing back')
})

test('held-up: each new pod must be held up', async () => {
  const poll = (run: Awaited<ReturnType<typeof changed>>['run']) => waits['held-up'].poll(run)
  assert.is(await poll(fakeRun()), 'nothing has been changed')
  const { run } = await changed()
  assert.is(await poll(run), 'there is no new pod yet')
  const stuck = { blocked: 'ImagePullBackOff: none' }
  run.observe({ ...green, ...stuck }, pod('emqx-ee-green-1', { ready: false }))
  assert.is(await poll(run), 'nothing holds up new pods: emqx-ee-green-1')
  run.observe({ ...pod('emqx-ee-green-1', { ready: false }), ...stuck })
  assert.is(await poll(run), undefined)
})

test('reverted: the pods from before serve alone, whatever the change has left', async () => {
  const { run } = await changed()
  const poll = () => waits.reverted.poll(run)
  assert.is(await poll(), 'no change has been taken back')
  await revert(run, new AbortController().signal)
  run.observe({ ...cr(true), generation: 2 }, green)
  assert.is(await poll(), 'EmqxEnterprise emqx-ee is still as the change left it')
  run.observe({ ...cr(false), generation: 3 })
  assert.match((await poll()) ?? '', /is not settled/)
  run.observe({ ...cr(true), generation: 3 })
  assert.is(await poll(), undefined, 'the pod that is left does not matter')
  run.observe(endpoints(blue[0]!.name, green.name))
  assert.match((await poll()) ?? '', /pods from before: emqx-ee-blue-1, emqx-ee-green-0/)
  run.observe({ ...blue[1]!, ready: false })
  assert.is(await poll(), 'pods are not ready: emqx-ee-blue-1')
  run.observe({ ...blue[1]!, deleted: true })
  assert.is(await poll(), '1 of 2 pods are left')
})

test('the same once more: written, and marked as the change, though nothing changes', async () => {
  const sent: unknown[] = []
  const patch = async (...[, , , , body, options]: unknown[]) => {
    if (!(options as { dryRun?: boolean } | undefined)?.dryRun) sent.push(body)
    return resource('4.4.14', 1)
  }
  const run = fakeRun({ resource: resource('4.4.14', 1), kube: { patch: patch as never } })
  await change(run, { action: 'reapply', patch: { spec: { replicas: 3 } }, expect: 'unchanged' })
  assert.equal(sent, [{ spec: { replicas: 3 } }])
  assert.is(run.of('mark')[0]?.name, 'trigger')
  assert.match(run.of('action')[1]?.detail ?? '', /^generation 1 to 1: /)
})

test.run()
