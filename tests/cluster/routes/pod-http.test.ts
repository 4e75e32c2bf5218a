import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { type KubeApi, KubeApiError } from '#weir/cluster/kubernetes/types.ts'
import { type Harness, TOKEN } from '../../testbed/apiserver/harness.ts'
import { serveEmqx } from './emqx-server.ts'
import { failure, OUT_OF_REACH, podsBed, withEmqx } from './ways.ts'

const KEY = `Basic ${Buffer.from('admin:secret').toString('base64')}`

let harness: Harness
let kube: KubeApi
const dir = mkdtempSync(join(tmpdir(), 'weir-routes-'))

test.before(async () => {
  harness = await podsBed()
  kube = harness.kube
})
test.after(async () => {
  await harness.close()
  rmSync(dir, { recursive: true })
})

test('a pod whose address answers is asked there, with credentials', () =>
  withEmqx(kube, {}, async ({ asked }, { choice, pod }) => {
    const one = pod('one', '127.0.0.1')
    assert.is((await one.nodes()).length, 1)
    assert.is((await one.metrics()).status, 200)
    assert.is(await one.availability(), 503)
    assert.is(choice.route, 'pods')
    const paths = asked.map(({ path }) => path.split('?')[0])
    assert.equal(paths, [
      '/status',
      '/api/v5/nodes',
      '/api/v5/prometheus/stats',
      '/api/v5/load_rebalance/availability_check',
    ])
    assert.is(asked[1]?.authorization, KEY)
  }))

for (const scheme of ['http', 'https'] as const)
  test(`else through the API server (${scheme}): open questions by the proxy, the others by a port-forward`, async () => {
    const secure = scheme === 'https'
    const file = join(dir, scheme)
    if (!secure)
      writeFileSync(
        file,
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          'current-context': 'c',
          clusters: [
            { name: 'k', cluster: { server: harness.server.url, 'insecure-skip-tls-verify': true } },
          ],
          users: [{ name: 'u', user: { token: TOKEN } }],
          contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
        }),
      )
    const over = createKubeApi({ kubeconfig: secure ? harness.kubeconfigPath : file })
    assert.match(over.server, new RegExp(`^${scheme}:`))
    try {
      await withEmqx(over, {}, async ({ asked }, { choice, pod }) => {
        const one = pod('one', OUT_OF_REACH)
        assert.is(await one.availability(), 503, "EMQX's own 503 is an answer")
        assert.is((await one.metrics()).metrics.emqx_connections_count, asked.length)
        assert.ok(asked.every(({ authorization }) => authorization === undefined))
        for (let i = 0; i < 3; i++) assert.is((await one.nodes())[0]?.node, 'emqx@one')
        assert.is(choice.route, 'api-server')
        assert.equal(
          asked.slice(-3).map(({ path, authorization }) => [path, authorization]),
          [1, 2, 3].map(() => ['/api/v5/nodes', KEY]),
        )
      })
    } finally {
      over.close()
    }
  })

test('metrics that EMQX closes are scraped by a port-forward, without asking the proxy each time', () =>
  withEmqx(kube, { closedMetrics: true }, async ({ asked }, { pod }) => {
    const one = pod('one', OUT_OF_REACH)
    assert.is(await one.metricsAreOpen(), false)
    asked.length = 0
    assert.is((await one.metrics()).status, 200)
    assert.is((await one.metrics()).status, 200)
    assert.equal(
      asked.map(({ authorization }) => authorization),
      [undefined, KEY, KEY],
    )
  }))

test('an address that stops answering: that question fails, the next one takes the other way', () =>
  withEmqx(kube, {}, async ({ port }, { choice, pod }) => {
    const near = await serveEmqx({ host: '127.0.0.2', port })
    const one = pod('one', '127.0.0.2')
    assert.is((await one.metrics()).status, 200)
    await near.close()
    await failure(one.metrics())
    assert.is(choice.route, 'pods', 'nothing else was asked on behalf of the same question')
    assert.is((await one.metrics()).status, 200)
    assert.is(choice.route, 'api-server')
  }))

test('a pod that goes away changes nothing for the others', () =>
  withEmqx(kube, {}, async (_, { choice, pod }) => {
    const one = pod('one', '127.0.0.1')
    await one.metrics()
    const gone = pod('gone', OUT_OF_REACH)
    await failure(gone.metrics())
    const error = await failure(gone.metrics())
    assert.match(
      error.message,
      /pod gone answers neither at 127\.0\.0\.77:\d+ \(ECONNREFUSED\) nor through the API server \(GET \/status of pod gone/,
    )
    assert.is(error.status, undefined)
    assert.is(choice.route, 'pods')
    assert.is((await one.metrics()).status, 200)
  }))

/** The same API server, for a user who may not use one of the ways. */
const without = (part: 'proxy' | 'portforward'): KubeApi => {
  const refused = new KubeApiError(403, 'Forbidden', `pods/${part} is forbidden`)
  if (part === 'portforward') return { ...kube, forward: () => Promise.reject(refused) }
  return {
    ...kube,
    async raw(method, path, ...rest) {
      if (!path.includes('/proxy/')) return kube.raw(method, path, ...rest)
      const { status, reason, message } = refused
      return { status, body: { kind: 'Status', apiVersion: 'v1', code: status, reason, message } }
    },
  }
}

test('who may not use the pod proxy scrapes by port-forwards', () =>
  withEmqx(without('proxy'), {}, async (_, { choice, pod }) => {
    const one = pod('one', OUT_OF_REACH)
    assert.is((await one.metrics()).status, 200)
    assert.is((await one.nodes()).length, 1)
    assert.is(choice.route, 'api-server')
  }))

test('who may not forward ports still scrapes, and is told why nothing else is answered', () =>
  withEmqx(without('portforward'), {}, async ({ asked }, { pod }) => {
    const one = pod('one', OUT_OF_REACH)
    const error = await failure(one.nodes())
    assert.match(error.message, /forwards no port \(403: pods\/portforward is forbidden\)/)
    assert.is((await one.metrics()).status, 200)
    assert.ok(asked.every(({ path }) => !path.endsWith('/nodes')))
  }))

test('another node that answers at the address is not taken for the pod', () =>
  withEmqx(kube, { node: 'emqx@right' }, async ({ port, asked }, { choice, pod }) => {
    const stranger = await serveEmqx({ host: '127.0.0.2', port, node: 'emqx@stranger' })
    try {
      assert.is((await pod('one', '127.0.0.2', 'emqx@right').metrics()).status, 200)
      assert.is(choice.route, 'api-server')
      assert.equal(
        stranger.asked.map(({ path }) => path),
        ['/status'],
      )
      assert.ok(asked.length > 0)
    } finally {
      await stranger.close()
    }
  }))

test('a node whose name is not the expected one is the pod all the same when the API server says so', () =>
  withEmqx(kube, { node: 'emqx@of-its-own' }, async (_, { choice, pod }) => {
    assert.is((await pod('one', '127.0.0.1', 'emqx@expected').metrics()).status, 200)
    assert.is(choice.route, 'pods')
  }))

for (const [way, ip] of [
  ['its address', '127.0.0.1'],
  ['the API server', OUT_OF_REACH],
] as const)
  test(`a 401 says which pod and which user, by ${way}`, () =>
    withEmqx(
      kube,
      {},
      async (_, { pod }) => {
        const error = await failure(pod('one', ip).nodes())
        assert.is(error.status, 401)
        assert.match(
          error.message,
          /EMQX on pod one does not accept user "admin" \(set by the user\): 401 BAD_API_KEY_OR_SECRET/,
        )
      },
      'wrong',
    ))

test.run()
