import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EmqxApiError } from '#weir/cluster/emqx/api-error.ts'
import { emqxHttp } from '#weir/cluster/emqx/http.ts'
import { emqxV4 } from '#weir/cluster/emqx/v4.ts'
import type { EmqxNodeApi } from '#weir/cluster/types.ts'
import { sample } from '../recorded.ts'
import { type Answer, serve } from './server.ts'

const GLOBAL = '/api/v4/load_rebalance/global_status'
const NODE = 'emqx-ee@emqx-ee-54fc496fb4-0.emqx-ee-headless.default.svc.cluster.local'

async function asked<T>(
  answers: Parameters<typeof serve>[0],
  ask: (api: EmqxNodeApi, server: Awaited<ReturnType<typeof serve>>) => Promise<T>,
  timeoutMs = 20_000,
): Promise<T> {
  const server = await serve(answers)
  const http = emqxHttp({
    host: '127.0.0.1',
    port: server.port,
    credentials: { username: 'admin', password: 'public' },
    timeoutMs,
  })
  try {
    return await ask(emqxV4.over(http), server)
  } finally {
    http.close()
    await server.close()
  }
}

const refusal = async (answer: Answer, timeoutMs?: number): Promise<EmqxApiError> => {
  const error = await asked(
    { [GLOBAL]: answer },
    (api) =>
      api.evacuations().then(
        () => undefined,
        (e: unknown) => e,
      ),
    timeoutMs,
  )
  assert.instance(error, EmqxApiError)
  return error as EmqxApiError
}

test('evacuations as EMQX tells them, with Basic credentials', async () => {
  const { evacuations, authorization } = await asked(
    { [GLOBAL]: { body: sample('v4_global_status_evicting_conns.json') } },
    async (api, server) => ({
      evacuations: await api.evacuations(),
      authorization: server.requests[0]?.authorization,
    }),
  )
  assert.is(authorization, `Basic ${Buffer.from('admin:public').toString('base64')}`)
  assert.is(evacuations.length, 1)
  const [one] = evacuations
  assert.is(one?.state, 'evicting_conns')
  assert.is(one?.currentConnected, 640)
  assert.is(one?.initialConnected, 1000)
  assert.is(one?.connectionEvictionRate, 10)
  assert.is(one?.recipients.length, 3)
})

test('nobody is evacuated: an empty list', async () => {
  assert.equal(
    await asked({ [GLOBAL]: { body: sample('v4_global_status_idle.json') } }, (api) => api.evacuations()),
    [],
  )
})

test('the oldest releases key evacuations by node', async () => {
  const { evacuations } = JSON.parse(sample('v4_global_status_prohibiting.json')) as {
    evacuations: { node: string }[]
  }
  const { node, ...rest } = evacuations[0]!
  const body = JSON.stringify({ evacuations: { [node]: rest }, rebalances: {} })
  const [one] = await asked({ [GLOBAL]: { body } }, (api) => api.evacuations())
  assert.is(one?.node, node)
  assert.is(one?.state, 'prohibiting')
})

test('an error of EMQX’s own comes with HTTP 200 and is an error all the same', async () => {
  const error = await refusal({ body: sample('v4_error_already_started.http200.json') })
  assert.is(error.status, 200)
  assert.match(error.message, 'already_started')
})

test('HTTP errors keep their status', async () => {
  assert.is((await refusal({ status: 401, body: '' })).status, 401)
  assert.is((await refusal({ status: 404, body: 'Not found.' })).status, 404)
})

test('an answer that is no JSON, no object, or lacks its figures is an error, not an empty list', async () => {
  assert.match((await refusal({ body: '<html>' })).message, 'not JSON')
  assert.match((await refusal({ body: '7' })).message, 'not an object')
  assert.match((await refusal({ body: '{}' })).message, 'no readable list')
  assert.match(
    (await refusal({ body: '{"evacuations":[{"node":"a@b","state":"evicting_conns"}]}' })).message,
    'no readable list',
  )
})

test('no answer in time is an error that says so', async () => {
  const error = await refusal({ body: '', afterMs: Number.POSITIVE_INFINITY }, 50)
  assert.is(error.status, undefined)
  assert.match(error.message, 'no answer within 50 ms')
})

test('nobody listens', async () => {
  const server = await serve({})
  await server.close()
  const http = emqxHttp({
    host: '127.0.0.1',
    port: server.port,
    credentials: { username: 'a', password: 'b' },
    timeoutMs: 20_000,
  })
  const error = await emqxV4
    .over(http)
    .nodes()
    .then(
      () => undefined,
      (e: unknown) => e,
    )
  http.close()
  assert.instance(error, EmqxApiError)
  assert.match((error as Error).message, 'ECONNREFUSED')
})

test('members: versions side by side; a stopped one carries its name elsewhere', async () => {
  const mixed = await asked(
    { '/api/v4/nodes': { body: sample('v4_nodes_mixed_4.4.14_to_4.4.19.json') } },
    (api) => api.nodes(),
  )
  assert.is(mixed.length, 6)
  assert.is(mixed.filter(({ version }) => version === '4.4.19').length, 3)
  assert.is(mixed[0]?.connections, 1000)
  assert.not('liveConnections' in mixed[0]!, '4.4.14 does not tell them')
  assert.ok(
    mixed.filter(({ version }) => version === '4.4.19').every((one) => one.liveConnections !== undefined),
  )
  const stopped = await asked({ '/api/v4/nodes': { body: sample('v4_nodes_with_stopped.json') } }, (api) =>
    api.nodes(),
  )
  assert.equal(
    stopped.map(({ node, running }) => [node.split('.')[0], running]),
    [
      ['emqx-ee@emqx-ee-5d87d4c6bd-0', true],
      ['emqx-ee@emqx-ee-54fc496fb4-2', false],
    ],
  )
})

test('availability is the HTTP status, also 503', async () => {
  const path = '/api/v4/load_rebalance/availability_check'
  const body = sample('v4_availability_evacuating.http503.json')
  assert.is(await asked({ [path]: { status: 503, body } }, (api) => api.availability()), 503)
  assert.is(await asked({ [path]: { status: 200, body } }, (api) => api.availability()), 200)
})

test('a scrape keeps what is kept; a failed one throws', async () => {
  const path = '/api/v4/emqx_prometheus?type=prometheus'
  const body = sample('v4_prometheus_4.4.14_excerpt.txt')
  const { status, metrics } = await asked({ [path]: { body } }, (api) => api.metrics())
  assert.is(status, 200)
  assert.is(metrics.emqx_connections_count, 640)
  const error = await asked({ [path]: { status: 401, body: '' } }, (api) =>
    api.metrics().catch((e: unknown) => e),
  )
  assert.is((error as EmqxApiError).status, 401)
})

const clientsPath = `/api/v4/nodes/${NODE}/clients`

test('clients of one node, from the sample', async () => {
  const listing = await asked({ [clientsPath]: { body: sample('v4_clients.json') } }, (api) =>
    api.clients(NODE, 'bench-'),
  )
  assert.equal(listing, { connected: ['bench-0001'], detached: [], complete: true })
})

test('kept connections are used again', async () => {
  const remote = await asked({ '/api/v4/nodes': { body: '{"code":0,"data":[]}' } }, async (api, server) => {
    for (let i = 0; i < 5; i++) await api.nodes()
    return server.requests.length
  })
  assert.is(remote, 5)
})

test.run()
