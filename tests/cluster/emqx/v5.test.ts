import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/emqx/api-error.ts'
import { emqxHttp } from '#weir/cluster/emqx/http.ts'
import { emqxV5 } from '#weir/cluster/emqx/v5.ts'
import type { EmqxNodeApi } from '#weir/cluster/types.ts'
import { sample } from '../recorded.ts'
import { type Answer, serve } from './server.ts'

const GLOBAL = '/api/v5/load_rebalance/global_status'
const NODES = '/api/v5/nodes'

async function asked<T>(
  answers: Parameters<typeof serve>[0],
  ask: (api: EmqxNodeApi, server: Awaited<ReturnType<typeof serve>>) => Promise<T>,
): Promise<T> {
  const server = await serve(answers)
  const http = emqxHttp({
    host: '127.0.0.1',
    port: server.port,
    credentials: { username: 'key', password: 'secret' },
    timeoutMs: 20_000,
  })
  try {
    return await ask(emqxV5.over(http), server)
  } finally {
    http.close()
    await server.close()
  }
}

const failure = async (answer: Answer, path: string, ask: (api: EmqxNodeApi) => Promise<unknown>) => {
  const error = await asked({ [path]: answer }, (api) => ask(api).catch((e: unknown) => e))
  assert.instance(error, EmqxApiError)
  return error as EmqxApiError
}

test('evacuations in each state that was recorded', async () => {
  const told = async (state: string) =>
    asked({ [GLOBAL]: { body: sample(`v5_global_status_${state}.json`) } }, (api) => api.evacuations())
  for (const state of ['waiting_health_check', 'evicting_conns', 'prohibiting']) {
    const [one, ...others] = await told(state)
    assert.is(others.length, 0)
    assert.is(one?.state, state)
    assert.is(one?.node, 'emqx@127.0.0.1')
    assert.equal(one?.recipients.toSorted(), ['emqx@127.0.0.2', 'emqx@127.0.0.3'])
    assert.is(one?.initialConnected, 3000)
  }
  assert.is((await told('evicting_conns'))[0]?.currentConnected, 2200)
  assert.equal(await told('idle'), [])
})

test('members are a bare list; sessions and live connections differ', async () => {
  const nodes = await asked({ [NODES]: { body: sample('v5_nodes_evicting.json') } }, (api) => api.nodes())
  assert.equal(
    nodes.map(({ connections, liveConnections }) => [connections, liveConnections]),
    [
      [2550, 2100],
      [209, 209],
      [206, 206],
    ],
  )
  const stopped = await asked({ [NODES]: { body: sample('v5_nodes_with_stopped_core.json') } }, (api) =>
    api.nodes(),
  )
  assert.ok(stopped.some(({ running, version }) => !running && version === ''))
})

test('what EMQX is: the oldest version, the edition, the sessions of all', async () => {
  const about = (name: string) => asked({ [NODES]: { body: sample(name) } }, (api) => api.about())
  assert.equal(await about('v5_nodes_enterprise.json'), {
    version: '5.8.9',
    edition: 'enterprise',
    sessions: 0,
  })
  assert.equal(await about('v5_nodes_evicting.json'), {
    version: '5.8.9',
    edition: 'opensource',
    sessions: 2965,
  })
  const mixed = JSON.stringify(
    ['5.10.1', '5.9.2'].map((version) => ({ node: version, node_status: 'running', version })),
  )
  assert.is((await asked({ [NODES]: { body: mixed } }, (api) => api.about())).version, '5.9.2')
})

test('a licence', async () => {
  assert.equal(
    await asked({ '/api/v5/license': { body: sample('v5_license.json') } }, (api) => api.licence()),
    { most: 25, type: 'trial', expiresOn: '2029-04-17', expired: false },
  )
  assert.match((await failure({ body: '{}' }, '/api/v5/license', (api) => api.licence())).message, 'no limit')
})

test('a scrape of one node, from the recording', async () => {
  const path = '/api/v5/prometheus/stats?mode=node'
  const { metrics } = await asked({ [path]: { body: sample('v5_prometheus_node_evicting.txt') } }, (api) =>
    api.metrics(),
  )
  assert.is(metrics.emqx_live_connections_count, 2200)
  assert.is(metrics.emqx_connections_count, 2600)
  assert.ok(Object.values(metrics).every(Number.isFinite))
  assert.not('mria_replayq_len' in metrics)
})

test('an answer without a metric of EMQX is a failed scrape', async () => {
  for (const body of ['{"stats":{}}', '', '<html>', 'up 1\n']) {
    const error = await failure({ body }, '/api/v5/prometheus/stats', (api) => api.metrics())
    assert.match(error.message, 'no metric of EMQX')
  }
})

test('clients of one node, detached ones apart', async () => {
  const path = '/api/v5/clients'
  const { paths, connected } = await asked(
    { [path]: { body: sample('v5_clients_page.json').replace(/"hasnext":true/, '"hasnext":false') } },
    async (api, { requests }) => ({
      connected: (await api.clients('emqx@10.0.0.1', 'c')).connected,
      paths: requests.map((request) => request.path),
    }),
  )
  assert.equal(connected, ['c999', 'c998', 'c997'])
  assert.equal(paths, [
    '/api/v5/clients?node=emqx%4010.0.0.1&page=1&limit=10000&like_clientid=c&fields=clientid,connected',
  ])
  const { detached, complete } = await asked(
    { [path]: { body: sample('v5_clients_detached.json').replace(/"hasnext":true/, '"hasnext":false') } },
    (api) => api.clients('emqx@10.0.0.1', 'c'),
  )
  assert.equal(detached, ['c997', 'c996'])
  assert.is(complete, false, 'the recording is one page of 500')
})

test('availability: EMQX’s own 503, and no other', async () => {
  const path = '/api/v5/load_rebalance/availability_check'
  const body = sample('v5_availability_evacuating.http503.json')
  assert.is(await asked({ [path]: { status: 503, body } }, (api) => api.availability()), 503)
  assert.is(await asked({ [path]: { body: '{}' } }, (api) => api.availability()), 200)
  const error = await failure({ status: 503, body: '' }, path, (api) => api.availability())
  assert.is(error.status, 503)
})

test('an error keeps its status and EMQX’s words', async () => {
  const error = await failure({ status: 401, body: sample('v5_unauthorized.http401.json') }, NODES, (api) =>
    api.nodes(),
  )
  assert.is(error.status, 401)
  assert.match(error.message, 'AUTHORIZATION_HEADER_ERROR')
  assert.match((await failure({ body: '{}' }, NODES, (api) => api.nodes())).message, 'not a list')
  assert.match(
    (await failure({ body: '{"evacuations":[{"node":"a"}]}' }, GLOBAL, (api) => api.evacuations())).message,
    'no readable list',
  )
})

test.run()
