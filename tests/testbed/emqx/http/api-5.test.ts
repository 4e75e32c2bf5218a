import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, client5, cluster5, codeOf, fleet5 } from '../support/cluster-5.ts'
import { join } from '../support/raw-client.ts'
import { until } from '../support/until.ts'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

test('an API key by Basic, a dashboard user by the token of a login, and not the other way round', async () => {
  const { cluster, nodes } = await cluster5({ count: 2 })
  const [one, two] = nodes
  const status = async (authorization: string | null) => {
    const answer = await ask(one!, 'GET', '/api/v5/nodes', { authorization })
    return [answer.status, answer.json.code]
  }
  assert.equal(await status(basic('key:secret')), [200, undefined])
  assert.equal(await status(basic('key:other')), [401, 'BAD_API_KEY_OR_SECRET'])
  assert.equal(await status(basic('admin:public')), [401, 'BAD_API_KEY_OR_SECRET'])
  assert.equal(await status(null), [401, 'AUTHORIZATION_HEADER_ERROR'])
  assert.equal(await status('Bearer nothing'), [401, 'BAD_TOKEN'])
  const login = { body: JSON.stringify({ username: 'admin', password: 'public' }), authorization: null }
  const { token } = (await ask(two!, 'POST', '/api/v5/login', login)).json
  assert.equal(
    await status(`Bearer ${token}`),
    [200, undefined],
    'a token is good on every node of the cluster',
  )
  for (const path of ['/status', '/api/v5/status', '/api/v5/prometheus/stats'])
    assert.is((await ask(one!, 'GET', path, { authorization: null })).status, 200, path)
  const elsewhere = await fetch(`http://${one!.ip}:8081/`).catch(() => 'nobody listens')
  assert.is(elsewhere, 'nobody listens', 'there is no management listener of its own')
  cluster.close()
})

test('a core that has stopped is listed as stopped and found no more; a replicant is forgotten', async () => {
  const { cluster, nodes, clock, start } = await cluster5({ count: 2 })
  const replicant = await start('127.0.0.20', 'emqx-replicant-blue', { role: 'replicant' })
  const rows = async () =>
    (await ask(nodes[0]!, 'GET', '/api/v5/nodes')).json.map(
      ({ node, node_status, role }: Record<string, string>) => `${node} ${node_status} ${role}`,
    )
  assert.equal(await rows(), [
    'emqx@127.0.0.1 running core',
    'emqx@127.0.0.2 running core',
    'emqx@127.0.0.20 running replicant',
  ])
  for (const node of [nodes[1]!, replicant]) {
    const ended = node.terminate()
    await clock.advance(10)
    await ended
  }
  assert.equal(await rows(), ['emqx@127.0.0.1 running core', 'emqx@127.0.0.2 stopped core'])
  for (const name of ['emqx@127.0.0.2', 'emqx@127.0.0.20', 'emqx@nobody']) {
    const answer = await ask(nodes[0]!, 'GET', `/api/v5/nodes/${name}`)
    assert.equal(
      [answer.status, answer.json],
      [404, { code: 'NOT_FOUND', message: `Node not found: ${name}` }],
    )
  }
  const { json } = await ask(nodes[0]!, 'GET', '/api/v5/cluster')
  assert.equal(json.nodes, ['emqx@127.0.0.1'])
  cluster.close()
})

test('nodes of 4.4 and of 5.8 are no cluster, whatever name they look for', async () => {
  const { cluster, nodes, start } = await cluster5({ count: 1 })
  const other = await start('127.0.0.2', 'emqx-ee', { version: '4.4.19' })
  assert.is((await ask(nodes[0]!, 'GET', '/api/v5/nodes')).json.length, 1)
  assert.is(other.core.group.members.size, 1)
  cluster.close()
})

test('the configuration is text: what is put behind it is read with it, twice the same is once', async () => {
  const { cluster, nodes } = await cluster5({ count: 2 })
  const get = async () => {
    const answer = await ask(nodes[1]!, 'GET', '/api/v5/configs', { accept: 'text/plain' })
    assert.is(answer.headers.get('content-type'), 'text/plain')
    return answer.body
  }
  for (const port of [1883, 8883, 8083, 8084]) assert.ok((await get()).includes(`:${port}"`), String(port))
  const put = (body: string, query: string) => ask(nodes[0]!, 'PUT', `/api/v5/configs?${query}`, { body })
  const merged = 'mqtt { max_packet_size = "2MB" }'
  for (let time = 0; time < 2; time++)
    assert.is((await put(merged, 'mode=merge&ignore_readonly=true')).status, 200)
  assert.is((await get()).split(merged).length, 2)
  assert.ok((await get()).includes(':1883"'))
  assert.is((await put(merged, 'mode=replace')).status, 200)
  assert.is(await get(), merged)
  assert.is((await put(merged, 'mode=add')).status, 400)
  cluster.close()
})

test('clients by id, kicked, and page by page', async () => {
  const { cluster, nodes } = await cluster5({ count: 2 })
  const [one, two] = nodes
  const clients = await fleet5(one!, 5)
  await fleet5(two!, 2, 5)
  const rows = async (query: string) => (await ask(two!, 'GET', `/api/v5/clients?${query}`)).json
  assert.equal((await rows('limit=3&page=3')).meta, { count: 7, hasnext: false, limit: 3, page: 3 })
  assert.equal((await rows(`node=${two!.name}`)).meta, { count: 2, hasnext: false, limit: 100, page: 1 })
  const seen: string[] = []
  for (const page of [1, 2, 3])
    for (const { clientid } of (await rows(`limit=3&page=${page}`)).data) seen.push(clientid)
  assert.equal(seen.sort(), ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6'])
  const searched = await rows('like_clientid=c&limit=3')
  assert.equal(searched.meta, { hasnext: true, limit: 3, page: 1 }, 'a search is not counted')
  assert.equal((await rows(`like_clientid=6&node=${one!.name}`)).data, [], 'it is of one node')
  assert.is((await rows('like_clientid=6')).data[0].clientid, 'c6', 'a part anywhere in the id')
  for (const bad of ['page=0', 'limit=0', 'limit=10001', 'page=x'])
    assert.is((await ask(one!, 'GET', `/api/v5/clients?${bad}`)).status, 400, bad)

  assert.is((await ask(two!, 'GET', '/api/v5/clients/c2')).json.node, one!.name)
  const kicked = await ask(two!, 'DELETE', '/api/v5/clients/c2')
  assert.equal([kicked.status, kicked.body], [204, ''])
  await until(() => clients[2]!.ended)
  assert.ok(clients[2]!.hex.endsWith('e0029800'), 'MQTT 5 hears 0x98')
  for (const method of ['GET', 'DELETE']) {
    const gone = await ask(two!, method, '/api/v5/clients/c2')
    assert.equal(
      [gone.status, gone.json],
      [404, { code: 'CLIENTID_NOT_FOUND', message: 'Client ID not found' }],
    )
  }
  const { body } = await ask(one!, 'GET', '/api/v5/prometheus/stats')
  assert.match(body, /disconnected_reason\{[^}]*reason="kicked"\} 1\n/)
  cluster.close()
})

test('a client row counts what the client sent and got', async () => {
  const { cluster, nodes } = await cluster5({ count: 1 })
  const client = await join(nodes[0]!.ip, client5(0))
  await client.subscribe('t', 1)
  client.send({ cmd: 'publish', topic: 't', payload: 'x', qos: 1, dup: false, retain: false, messageId: 9 })
  await client.wait('publish')
  const { json } = await ask(nodes[0]!, 'GET', '/api/v5/clients/c0')
  assert.equal(
    ['recv_pkt', 'recv_msg', 'recv_msg.qos1', 'send_msg', 'send_msg.qos1', 'send_pkt', 'inflight_cnt'].map(
      (key) => json[key],
    ),
    [3, 1, 1, 1, 1, 4, 1],
  )
  assert.is(json.recv_oct > 0 && json.send_oct > 0, true)
  const { body } = await ask(nodes[0]!, 'GET', '/api/v5/prometheus/stats')
  assert.match(body, /^emqx_messages_qos1_received 1$/m)
  assert.match(body, /^emqx_messages_qos1_sent 1$/m)
  cluster.close()
})

test('the licence: new clients over it hear 0x97 or 3, known ones come back; it is counted every 5 s', async () => {
  const { cluster, nodes, clock } = await cluster5({ count: 1, maxSessions: 4 })
  const [node] = nodes
  const license = (await ask(node!, 'GET', '/api/v5/license')).json
  assert.equal([license.max_sessions, license.max_connections], [4, 4])
  assert.ok(
    (await fleet5(node!, 6)).every((client) => codeOf(client) === 0),
    'a burst passes',
  )
  await clock.advance(5000)
  assert.equal((await fleet5(node!, 2, 6)).map(codeOf), [0x97, 3])
  assert.is(codeOf(await join(node!.ip, client5(0))), 0, 'c0 has a session')
  const { body } = await ask(node!, 'GET', '/api/v5/prometheus/stats')
  assert.match(body, /disconnected_reason\{[^}]*reason="quota_exceeded"\} 2\n/)
  await ask(node!, 'POST', `/api/v5/load_rebalance/${node!.name}/evacuation/start`, {
    body: JSON.stringify({ wait_health_check: 0 }),
  })
  await clock.advance(100)
  assert.equal(
    (await fleet5(node!, 1, 6)).map(codeOf),
    [0x97],
    'the licence is asked before the eviction agent',
  )
  cluster.close()
})

test('a fleet is not refused when nobody sets a limit', async () => {
  const { cluster, nodes, clock } = await cluster5({ count: 1 })
  await fleet5(nodes[0]!, 30)
  await clock.advance(5000)
  assert.is(codeOf((await fleet5(nodes[0]!, 1, 30))[0]!), 0)
  assert.is((await ask(nodes[0]!, 'GET', '/api/v5/license')).json.max_sessions, 10_000_000)
  cluster.close()
})

test('without a recipient sessions wait half a minute for the next try', async () => {
  const { cluster, nodes, clock, start } = await cluster5({ count: 1 })
  const { core } = nodes[0]!
  await fleet5(nodes[0]!, 2)
  await ask(nodes[0]!, 'POST', `/api/v5/load_rebalance/${core.name}/evacuation/start`, {
    body: JSON.stringify({ wait_health_check: '1s', wait_takeover: '1s' }),
  })
  await clock.advance(10_000)
  assert.is(core.evacuation.state, 'evicting_sessions')
  await start('127.0.0.2')
  await clock.advance(15_000)
  assert.is(core.channels.size, 2)
  await clock.advance(15_000)
  assert.is(core.channels.size, 0)
  cluster.close()
})

test('what does not exist', async () => {
  const { cluster, nodes } = await cluster5({ count: 1 })
  assert.is((await ask(nodes[0]!, 'GET', '/api/v5/nothing')).status, 404)
  const wrong = await ask(nodes[0]!, 'DELETE', '/api/v5/clients')
  assert.equal([wrong.status, wrong.headers.get('allow'), wrong.body], [405, 'GET', ''])
  assert.is((await ask(nodes[0]!, 'GET', '/api/v4/nodes')).status, 404)
  cluster.close()
})

test.run()
