import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { apiServer, listOf, refusal } from '../api-server.ts'

const PODS = '/api/v1/namespaces/default/pods'
const busy = refusal(429, 'TooManyRequests', 'storage is (re)initializing')
const away = refusal(503, 'ServiceUnavailable', 'nobody is there')

/** Refuses so often, then gives the list. */
function after(times: number, answer: typeof busy) {
  let asked = 0
  return {
    answer: () => (asked++ < times ? answer : listOf({ metadata: { name: 'p' } })),
    asked: () => asked,
  }
}

test('a server that is too busy or just starting is asked again, also by the first listing of a watch', async () => {
  for (const answer of [busy, away]) {
    const listed = after(2, answer)
    await apiServer({ [PODS]: listed.answer }, async ({ kube }) => {
      const { items } = await kube.list(resources.pods, { namespace: 'default' })
      assert.equal(
        items.map(({ metadata }) => metadata.name),
        ['p'],
      )
    })
    assert.is(listed.asked(), 3)
  }
  const watched = after(1, busy)
  await apiServer({ [PODS]: watched.answer }, async ({ kube }) => {
    const names: string[] = []
    const watch = kube.watch(
      resources.pods,
      { namespace: 'default' },
      {
        onList: (items) => names.push(...items.map(({ metadata }) => metadata.name)),
        onEvent() {},
        onGap() {},
      },
    )
    await watch.ready
    watch.stop()
    assert.equal(names, ['p'])
  })
})

test('a busy server that says when to ask again is asked then, and not before', async () => {
  const body = JSON.stringify({
    kind: 'Status',
    code: 429,
    message: 'busy',
    details: { retryAfterSeconds: 2 },
  })
  const listed = after(1, { status: 429, body })
  const fromMs = performance.now()
  await apiServer({ [PODS]: listed.answer }, ({ kube }) =>
    kube.list(resources.pods, { namespace: 'default' }),
  )
  assert.is(listed.asked(), 2)
  assert.ok(performance.now() - fromMs >= 1990, `${performance.now() - fromMs} ms`)
})

test('a refusal is not asked again, nor is an order that may have been carried out', async () => {
  for (const [answer, order] of [
    [refusal(403, 'Forbidden', 'no'), false],
    [away, true],
  ] as const) {
    let asked = 0
    const count = () => {
      asked++
      return answer
    }
    await apiServer({ [PODS]: count }, async ({ kube }) => {
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' } }
      const ask = order
        ? kube.create(resources.pods, pod)
        : kube.list(resources.pods, { namespace: 'default' })
      const error = await ask.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      assert.instance(error, KubeApiError)
    })
    assert.is(asked, 1)
  }
})

test.run()
