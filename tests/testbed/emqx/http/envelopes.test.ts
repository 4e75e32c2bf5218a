import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../../../support/project-file.ts'
import { api, evacuate, testbed } from '../support/nodes.ts'
import { join } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

const fixture = (name: string) => JSON.parse(readFileSync(projectFile(`tests/fixtures/emqx/${name}`), 'utf8'))

/** The shape of a JSON value: keys in their order and types, list items by their first. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape)
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.entries(value).map(([key, inner]) => [key, shape(inner)])
}

/** The same without the order of keys. */
const unordered = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.slice(0, 1).map(unordered)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([left], [right]) => (left < right ? -1 : 1))
            .map(([key, inner]) => [key, unordered(inner)]),
        )
      : typeof value

async function pair() {
  const bed = testbed()
  const blue = await bed.start('emqx-ee-blue-0', { version: '4.4.14' })
  const green = await bed.start('emqx-ee-green-0', { version: '4.4.19', terminateMs: 1 })
  return { ...bed, blue, green }
}

test('nodes, mixed versions: live_connections from 4.4.19 on', async () => {
  const { cluster, blue } = await pair()
  const { json } = await api(blue, 'GET', '/api/v4/nodes')
  const sample = fixture('v4_nodes_mixed_4.4.14_to_4.4.19.json')
  assert.equal(shape(json.data[0]), shape(sample.data[0]))
  assert.equal(shape(json.data[1]), shape(sample.data[3]))
  assert.equal(
    json.data.map(({ version }: { version: string }) => version),
    ['4.4.14', '4.4.19'],
  )
  assert.equal(shape((await api(blue, 'GET', `/api/v4/nodes/${blue.name}`)).json.data), shape(sample.data[0]))
  cluster.close()
})

test('a stopped node is listed by name', async () => {
  const { cluster, blue, green } = await pair()
  await green.terminate()
  const { json } = await api(blue, 'GET', '/api/v4/nodes')
  assert.equal(json.data[1], { name: green.name, node_status: 'Stopped' })
  assert.equal(shape(json.data[1]), shape(fixture('v4_nodes_with_stopped.json').data[1]))
  assert.is(json.data[0].node_status, 'Running')
  cluster.close()
})

test('clients, of the cluster and of a node, with paging', async () => {
  const { cluster, blue, green } = await pair()
  await join(blue.ip, { clientId: 'bench-0001', keepalive: 30 })
  const sample = fixture('v4_clients.json')
  const listed = (await api(green, 'GET', '/api/v4/clients')).json
  assert.equal(shape(listed), shape(sample))
  const { connected_at, created_at, port, ip_address, node, ...row } = listed.data[0]
  const { connected_at: _c, created_at: _r, port: _p, ip_address: _i, node: _n, ...wanted } = sample.data[0]
  assert.equal(row, wanted)
  assert.match(connected_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  assert.is(created_at, connected_at)
  assert.is(node, blue.name)
  assert.is(ip_address, '127.0.0.1')
  assert.type(port, 'number')

  for (let index = 0; index < 4; index++) await join(green.ip, { clientId: `g${index}` })
  const pages = []
  for (const page of [1, 2, 3])
    pages.push((await api(blue, 'GET', `/api/v4/clients?_page=${page}&_limit=2`)).json)
  assert.equal(
    pages.map(({ meta }) => meta),
    [
      { page: 1, limit: 2, hasnext: true, count: 5 },
      { page: 2, limit: 2, hasnext: true, count: 5 },
      { page: 3, limit: 2, hasnext: false, count: 5 },
    ],
  )
  const ids = pages.flatMap(({ data }) => data.map(({ clientid }: { clientid: string }) => clientid))
  assert.equal(ids.sort(), ['bench-0001', 'g0', 'g1', 'g2', 'g3'])
  assert.is((await api(blue, 'GET', `/api/v4/nodes/${green.name}/clients`)).json.meta.count, 4)
  assert.equal((await api(blue, 'GET', '/api/v4/clients/g1')).json.data[0].clientid, 'g1')
  assert.equal((await api(blue, 'GET', '/api/v4/clients/nobody')).json, { code: 0, data: [] })
  const searched = async (part: string) =>
    (await api(blue, 'GET', `/api/v4/nodes/${green.name}/clients?_like_clientid=${part}&_limit=3`)).json
  const found = await searched('g')
  assert.equal(found.meta, { page: 1, limit: 3, hasnext: true, count: -1 }, 'a search is not counted')
  assert.equal((await searched('bench')).data, [], 'it is of one node')
  assert.is((await searched('2')).data[0].clientid, 'g2', 'a part anywhere in the id')
  cluster.close()
})

test('kicking nobody is an error with status 200', async () => {
  const { cluster, blue } = await pair()
  const answer = await api(blue, 'DELETE', '/api/v4/clients/nobody')
  assert.is(answer.status, 200)
  assert.equal(answer.json, fixture('v4_kick_not_found.http200.json'))
  cluster.close()
})

test('evacuation: start, refusals, status on all nodes, stop', async () => {
  const { cluster, blue, green } = await pair()
  assert.equal(
    (await api(blue, 'GET', '/api/v4/load_rebalance/global_status')).json,
    fixture('v4_global_status_idle.json'),
  )
  assert.equal(
    (await api(blue, 'GET', '/api/v4/load_rebalance/status')).json,
    fixture('v4_status_disabled.json'),
  )
  const bad = await evacuate(blue, { conn_evict_rate: 0 })
  assert.is(bad.status, 200)
  assert.equal(bad.json, fixture('v4_error_bad_rate.http200.json'))

  await Promise.all(Array.from({ length: 6 }, (_, index) => join(blue.ip, { clientId: `c${index}` })))
  const started = await api(green, 'POST', `/api/v4/load_rebalance/${blue.name}/evacuation/start`, {
    body: { conn_evict_rate: 2, sess_evict_rate: 3, migrate_to: [green.name], wait_takeover: 5 },
  })
  assert.equal(started.text, JSON.stringify(fixture('v4_start_stop_ok.http200.json')))
  assert.equal((await evacuate(blue, {})).json, fixture('v4_error_already_started.http200.json'))
  const elsewhere = await evacuate(green, { migrate_to: [blue.name] })
  assert.equal(elsewhere.json, {
    code: 400,
    message: fixture('v4_error_unavailable_nodes.http200.json').message.replace(/'.*'/, `'${blue.name}'`),
  })

  await until(() => blue.core.live.size === 4)
  const { json } = await api(green, 'GET', '/api/v4/load_rebalance/global_status')
  assert.equal(shape(json), shape(fixture('v4_global_status_evicting_conns.json')))
  assert.equal(json.evacuations[0], {
    node: blue.name,
    state: 'evicting_conns',
    connection_eviction_rate: 2,
    session_eviction_rate: 3,
    connection_goal: 0,
    session_goal: 0,
    session_recipients: [green.name],
    stats: { initial_connected: 6, current_connected: 6, initial_sessions: 0, current_sessions: 0 },
  })
  const local = (await api(blue, 'GET', '/api/v4/load_rebalance/status')).json
  assert.equal(shape(local), shape(fixture('v4_status_local_evacuation.json')))
  assert.equal((await api(green, 'GET', '/api/v4/load_rebalance/status')).json, { status: 'disabled' })
  assert.equal((await api(blue, 'GET', '/api/v4/node_eviction/status')).json.status, 'enabled')

  const stop = `/api/v4/load_rebalance/${blue.name}/evacuation/stop`
  assert.equal((await api(blue, 'POST', stop)).json, { data: [], code: 0 })
  assert.equal((await api(blue, 'POST', stop)).json, { code: 400, message: 'not_started' })
  assert.is((await join(blue.ip, { clientId: 'again' })).of('connack')[0]!.reasonCode, 0)
  cluster.close()
})

test('rebalance: start, refusals, what donor, recipient and coordinator show, stop', async () => {
  const { cluster, blue, green } = await pair()
  const path = (node: { name: string }, verb: string) => `/api/v4/load_rebalance/${node.name}/${verb}`
  const error = (message: string) => ({ code: 400, message })
  const idle = await api(blue, 'POST', path(blue, 'start'), { body: {} })
  assert.equal([idle.status, idle.json], [200, error('nothing_to_balance')])
  await Promise.all(Array.from({ length: 6 }, (_, index) => join(blue.ip, { clientId: `c${index}` })))
  const body = { conn_evict_rate: 2, sess_evict_rate: 3, wait_health_check: 5, abs_conn_threshold: 1 }
  assert.equal(
    (await api(blue, 'POST', path(green, 'start'), { body })).text,
    JSON.stringify(fixture('v4_start_stop_ok.http200.json')),
  )
  assert.equal((await api(blue, 'POST', path(green, 'start'), { body })).json, error('already_started'))
  assert.equal((await evacuate(blue, {})).json, error('eviction_agent_busy'))
  // 4.4.19 refuses from the start, and is not available.
  assert.is((await join(blue.ip, { clientId: 'late' })).of('connack')[0]!.reasonCode, 0x9c)
  assert.is((await api(blue, 'GET', '/api/v4/load_rebalance/availability_check')).status, 503)
  const shared = {
    state: 'wait_health_check',
    coordinator_node: green.name,
    connection_eviction_rate: 2,
    session_eviction_rate: 3,
    recipients: [green.name],
  }
  assert.equal((await api(blue, 'GET', '/api/v4/load_rebalance/global_status')).json, {
    rebalances: [{ node: green.name, ...shared, donors: [blue.name] }],
    evacuations: [],
  })
  const { stats, ...local } = (await api(blue, 'GET', '/api/v4/load_rebalance/status')).json
  assert.equal(local, { ...shared, process: 'rebalance', status: 'enabled' })
  assert.equal([stats.initial_connected, stats.current_connected], [6, 6])
  assert.equal((await api(green, 'GET', '/api/v4/load_rebalance/status')).json, { status: 'disabled' })
  assert.equal((await api(green, 'POST', path(green, 'stop'))).json, { data: [], code: 0 })
  assert.equal((await api(green, 'POST', path(green, 'stop'))).json, error('not_started'))
  assert.is((await api(blue, 'GET', '/api/v4/load_rebalance/availability_check')).status, 200)
  cluster.close()
})

test('availability: 200, then 503 from the start of the evacuation; credentials are needed before 4.4.24', async () => {
  const { cluster, blue, start } = await pair()
  const path = '/api/v4/load_rebalance/availability_check'
  const before = await api(blue, 'GET', path)
  assert.is(before.status, 200)
  assert.equal(before.json, fixture('v4_availability_ok.http200.json'))
  await evacuate(blue, {})
  const after = await api(blue, 'GET', path)
  assert.is(after.status, 503)
  assert.equal(after.json, fixture('v4_availability_evacuating.http503.json'))
  assert.is((await api(blue, 'GET', path, { authorization: null })).status, 401)
  const recent = await start('emqx-ee-green-1', { version: '4.4.24' })
  assert.is((await api(recent, 'GET', path, { authorization: null })).status, 200)
  cluster.close()
})

test('management takes the applications of the bootstrap file, the dashboard its own user only', async () => {
  const { cluster, start } = testbed()
  const node = await start('emqx-ee-blue-0', {
    credentials: [{ username: 'emqx_operator_controller', password: 'a:b' }],
  })
  const operator = `Basic ${Buffer.from('emqx_operator_controller:a:b').toString('base64')}`
  const ask = async (port: number, authorization?: string | null) =>
    (
      await api(node, 'GET', '/api/v4/nodes', {
        port,
        ...(authorization !== undefined && { authorization }),
      })
    ).status
  assert.is(await ask(8081), 200)
  assert.is(await ask(18083), 200)
  assert.is(await ask(8081, operator), 200)
  assert.is(await ask(18083, operator), 401)
  assert.is(await ask(8081, null), 401)
  assert.is(await ask(8081, 'Bearer x'), 401)
  cluster.close()
})

test('listeners, plugins, stats, metrics and status', async () => {
  const { cluster, blue, green } = await pair()
  const listeners = (await api(blue, 'GET', '/api/v4/listeners')).json.data
  assert.is(listeners.length, 2)
  assert.equal(
    listeners[0].listeners.map((one: { protocol: string; listen_on: string }) => [
      one.protocol,
      one.listen_on,
    ]),
    [
      ['mqtt:tcp', '0.0.0.0:1883'],
      ['http:management', '0.0.0.0:8081'],
      ['http:dashboard', '0.0.0.0:18083'],
      ['mqtt:ssl', '0.0.0.0:8883'],
      ['mqtt:ws', '0.0.0.0:8083'],
      ['mqtt:wss', '0.0.0.0:8084'],
    ],
  )
  const plugin = `/api/v4/nodes/${green.name}/plugins/emqx_retainer`
  const active = async () =>
    (await api(blue, 'GET', `/api/v4/nodes/${green.name}/plugins`)).json.data.find(
      ({ name }: { name: string }) => name === 'emqx_retainer',
    ).active
  assert.is(await active(), true)
  assert.is((await api(blue, 'PUT', `${plugin}/unload`)).json.code, 0)
  assert.is(await active(), false)
  assert.is((await api(blue, 'PUT', `${plugin}/reload`)).json.code, 0)
  assert.is(await active(), true)
  assert.is((await api(blue, 'GET', '/api/v4/plugins')).json.data.length, 2)
  assert.type((await api(blue, 'GET', '/api/v4/stats')).json.data[0].stats['connections.count'], 'number')
  assert.type((await api(blue, 'GET', '/api/v4/metrics')).json.data[0].metrics['client.connected'], 'number')
  const status = await api(blue, 'GET', '/status', { authorization: null })
  assert.is(status.text, `Node ${blue.name} is started\nemqx is running`)
  await evacuate(blue, {})
  assert.is((await api(blue, 'GET', '/status')).status, 200, 'also while evacuating')
  cluster.close()
})

test('what does not exist, and bodies that are not JSON', async () => {
  const { cluster, blue } = await pair()
  const missing = await api(blue, 'GET', '/api/v4/nothing')
  assert.is(missing.status, 404)
  assert.is(missing.text, 'Not found.')
  assert.is((await evacuate(blue, 'not json' as unknown as object)).status, 400)
  const unknown = await api(blue, 'POST', '/api/v4/load_rebalance/x@y/evacuation/start', { body: {} })
  assert.is(unknown.status, 200)
  assert.is(unknown.json.code, 400)
  assert.equal(unordered((await api(blue, 'GET', '/api/v4/nodes/x@y')).json), {
    code: 'number',
    message: 'string',
  })
  cluster.close()
})

test('a long listing is one whole JSON document', async () => {
  const { cluster, blue } = await pair()
  const { core } = blue
  const real = (await join(blue.ip, { clientId: 'real' })) && core.channels.get('real')!
  for (let index = 0; index < 2600; index++)
    core.channels.set(`row${index}`, { ...real, clientId: `row${index}`, connection: undefined })
  const { json } = await api(blue, 'GET', `/api/v4/nodes/${blue.name}/clients`)
  assert.is(json.data.length, 2601)
  assert.is(new Set(json.data.map(({ clientid }: { clientid: string }) => clientid)).size, 2601)
  assert.is(json.data.filter(({ connected }: { connected: boolean }) => connected).length, 1)
  cluster.close()
})

test.run()
