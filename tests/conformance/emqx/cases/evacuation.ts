import assert from 'node:assert/strict'
import { payloads, persistent, publish, settled } from '../../../testbed/emqx/session/two-nodes.ts'
import { ask } from '../../../testbed/emqx/support/cluster-5.ts'
import { dial, type RawClient } from '../../../testbed/emqx/support/raw-client.ts'
import {
  admitted,
  type Cases,
  closed,
  codeOf,
  evacuate,
  type Node,
  type Nodes,
  reaches,
  reasons,
  row,
  status,
  stop,
  until,
} from '../nodes.ts'

/** Clients of three kinds in turn: MQTT 5 with a session, MQTT 5 without, MQTT 3.1.1 without. */
async function fleet(node: Node, count: number): Promise<RawClient[]> {
  const clients: RawClient[] = []
  for (let index = 0; index < count; index++) {
    const clientId = `c${index}`
    const options =
      index % 3 === 0 ? persistent(clientId) : ({ clientId, version: index % 3 === 1 ? 5 : 4 } as const)
    clients.push((await admitted(node, options))[0])
  }
  return clients
}

const gone = (clients: RawClient[]) => clients.filter(({ ended, closed }) => ended || closed).length

/** When each client was closed, in milliseconds after now. */
async function closings(nodes: Nodes, clients: RawClient[]): Promise<number[]> {
  const startMs = nodes.now()
  const times: number[] = []
  await until(nodes, () => {
    while (times.length < gone(clients)) times.push(nodes.now() - startMs)
    return times.length === clients.length
  })
  return times
}

const available = async (node: Node) => {
  const path = '/api/v5/load_rebalance/availability_check'
  const { status, body } = await ask(node, 'GET', path, { authorization: null })
  return [status, body]
}

/** What clients and the API see of an evacuation. */
export const evacuationCases: Cases = {
  'the states come in order, and the node is available again after the stop': async (nodes) => {
    const { one, two } = nodes
    await fleet(one, 3)
    assert.deepEqual(await status(one), { status: 'disabled' })
    await evacuate(one, { wait_health_check: 2, wait_takeover: 2, conn_evict_rate: 1, sess_evict_rate: 1 })
    const states: string[] = []
    const counts = new Set<string>()
    await until(nodes, async () => {
      const { state, stats } = await status(one)
      if (states.at(-1) !== state) states.push(state)
      counts.add(`${state} ${stats.current_connected} ${stats.current_sessions}`)
      return state === 'prohibiting'
    })
    const order = [
      'waiting_health_check',
      'evicting_conns',
      'waiting_takeover',
      'evicting_sessions',
      'prohibiting',
    ]
    assert.deepEqual(states, order)
    assert.deepEqual([...counts].slice(0, 2), ['waiting_health_check 3 3', 'evicting_conns 3 3'])
    assert.ok(counts.has('waiting_takeover 0 3'), [...counts].join())
    assert.deepEqual(await available(one), [503, '{"code":"NODE_EVACUATING","message":"Node Evacuating"}'])
    assert.deepEqual(await available(two), [200, '{}'])
    assert.equal((await ask(one, 'GET', '/status')).status, 200)
    assert.equal((await stop(one)).status, 200)
    assert.deepEqual(await available(one), [200, '{}'])
    assert.deepEqual(await status(one), { status: 'disabled' })
  },

  'the status names rates, goals, counts and recipients, locally and for the whole cluster': async (
    nodes,
  ) => {
    const { one, two } = nodes
    await fleet(one, 3)
    await evacuate(one, { wait_health_check: 60, conn_evict_rate: 3, sess_evict_rate: 4 })
    const shown = {
      connection_eviction_rate: 3,
      connection_goal: 0,
      session_eviction_rate: 4,
      session_goal: 0,
      session_recipients: [two.name],
      state: 'waiting_health_check',
      stats: { current_connected: 3, current_sessions: 3, initial_connected: 3, initial_sessions: 3 },
    }
    assert.deepEqual(await status(one), { ...shown, process: 'evacuation', status: 'enabled' })
    const everywhere = await ask(two, 'GET', '/api/v5/load_rebalance/global_status')
    assert.deepEqual(everywhere.json, {
      evacuations: [{ ...shown, node: one.name }],
      purges: [],
      rebalances: [],
    })
    assert.deepEqual((await ask(one, 'GET', '/api/v5/node_eviction/status')).json, {
      status: 'enabled',
      stats: { connections: 3, sessions: 3 },
    })
    assert.deepEqual(await status(two), { status: 'disabled' })
  },

  'clients are admitted while the node waits for health checks, and the availability check refuses at once':
    async ({ one }) => {
      await evacuate(one, { wait_health_check: 60 })
      assert.equal((await available(one))[0], 503)
      await admitted(one, { clientId: 'late' })
    },

  'each second a burst of the rate: MQTT 5 gets 0x9c without a Server-Reference, MQTT 3.1.1 FIN alone':
    async (nodes) => {
      const clients = await fleet(nodes.one, 6)
      await evacuate(nodes.one, { conn_evict_rate: 2, redirect_to: 'elsewhere:1883' })
      const times = await closings(nodes, clients)
      for (const [first, second] of [
        [0, 1],
        [2, 3],
        [4, 5],
      ] as const)
        assert.ok(times[second]! - times[first]! < 500, `no burst: ${times}`)
      for (const [before, after] of [
        [1, 2],
        [3, 4],
      ] as const)
        assert.ok(times[after]! - times[before]! > 500 && times[after]! - times[before]! < 1500, `${times}`)
      for (const [index, client] of clients.entries()) {
        assert.equal(client.error, undefined)
        const wanted = index % 3 === 2 ? [] : [{ reason: 0x9c, reference: undefined }]
        const got = client.of('disconnect').map(({ reasonCode, properties }) => ({
          reason: reasonCode,
          reference: properties?.serverReference,
        }))
        assert.deepEqual(got, wanted)
      }
    },

  'the clients that came first go first': async (nodes) => {
    const clients = await fleet(nodes.one, 4)
    await evacuate(nodes.one, { conn_evict_rate: 2 })
    await until(nodes, () => gone(clients) === 2)
    assert.deepEqual(
      clients.map(({ ended }) => ended),
      [true, true, false, false],
    )
  },

  'a CONNECT to a node that evicts: TCP is accepted, then CONNACK 0x9c or 3, then FIN': async (nodes) => {
    const { one } = nodes
    await evacuate(one)
    await reaches(nodes, one, 'prohibiting')
    const five = dial(one.ip, { clientId: 'five' })
    const four = dial(one.ip, { clientId: 'four', version: 4 })
    await closed(nodes, five, four)
    assert.deepEqual([five.hex, four.hex], ['2003009c00', '20020003'])
    assert.deepEqual([five.error, four.error], [undefined, undefined])
    await stop(one)
    await admitted(one, { clientId: 'five' })
  },

  'a Server-Reference from the command line is sent to MQTT 5: in the DISCONNECT and in the CONNACK': async (
    nodes,
  ) => {
    const [client] = await admitted(nodes.one, { clientId: 'c' })
    await nodes.evacuateTo(nodes.one, 'other.example:1883')
    await closed(nodes, client)
    const [disconnect] = client.of('disconnect')
    assert.deepEqual(
      [disconnect!.reasonCode, disconnect!.properties?.serverReference],
      [0x9c, 'other.example:1883'],
    )
    const refused = dial(nodes.one.ip, { clientId: 'c' })
    await closed(nodes, refused)
    assert.equal(codeOf(refused), 0x9c)
    assert.equal(refused.of('connack')[0]!.properties?.serverReference, 'other.example:1883')
  },

  'a client that comes back elsewhere finds its session, from when it is evicted on': async (nodes) => {
    const { one, two } = nodes
    const [first] = await admitted(one, persistent('p'))
    await first.subscribe('t', 1)
    await evacuate(one, { wait_takeover: 60 })
    await closed(nodes, first)
    assert.deepEqual(reasons(first), [0x9c])
    const [publisher] = await admitted(two, { clientId: 'publisher' })
    publish(publisher, 'meanwhile', { qos: 1 })
    await publisher.wait('puback')
    // On its way to the other node, where the session is.
    await nodes.pass(500)
    const [second, present] = await admitted(two, persistent('p'))
    assert.equal(present, true)
    await second.wait('publish')
    assert.deepEqual(payloads(second), ['meanwhile'])
  },

  'sessions of clients that stay away move to the other node, and collect messages there': async (nodes) => {
    const { one, two } = nodes
    const [first] = await admitted(one, persistent('p'))
    await first.subscribe('t', 1)
    const [publisher] = await admitted(two, { clientId: 'publisher' })
    publish(publisher, 'unanswered', { qos: 1 })
    await first.wait('publish')
    await evacuate(one)
    await reaches(nodes, one, 'prohibiting')
    const { json } = await row(one, 'p')
    assert.deepEqual([json.node, json.connected], [two.name, false])
    publish(publisher, 'parked', { qos: 1, id: 2 })
    await publisher.wait('puback', 2)
    const [second, present] = await admitted(two, persistent('p'))
    assert.equal(present, true)
    await second.wait('publish', 2)
    await settled(second)
    const shown = second.of('publish').map(({ payload, dup }) => [`${payload}`, dup])
    assert.deepEqual(shown, [
      ['unanswered', true],
      ['parked', false],
    ])
  },

  'a stop in mid-drain leaves the clients that are still there': async (nodes) => {
    const clients = await fleet(nodes.one, 4)
    await evacuate(nodes.one, { conn_evict_rate: 1 })
    await until(nodes, () => gone(clients) === 1)
    await stop(nodes.one)
    await nodes.pass(2500)
    assert.equal(gone(clients), 1)
  },
}
