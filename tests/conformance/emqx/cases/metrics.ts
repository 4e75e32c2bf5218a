import assert from 'node:assert/strict'
import { keepMetrics } from '#weir/cluster/prometheus/parse.ts'
import { persistent } from '../../../testbed/emqx/session/two-nodes.ts'
import { ask } from '../../../testbed/emqx/support/cluster-5.ts'
import { dial } from '../../../testbed/emqx/support/raw-client.ts'
import {
  admitted,
  type Cases,
  closed,
  evacuate,
  isAway,
  type Node,
  type Nodes,
  reaches,
  until,
} from '../nodes.ts'

const scrape = async (node: Node) =>
  keepMetrics((await ask(node, 'GET', '/api/v5/prometheus/stats?mode=node', { authorization: null })).body)

/** How far each counter has moved since `before`. */
async function moved(node: Node, before: Record<string, number>, names: readonly string[]) {
  const after = await scrape(node)
  return Object.fromEntries(names.map((name) => [name, after[name]! - before[name]!]))
}

const gauge = (nodes: Nodes, node: Node, name: string, wanted: number) =>
  until(
    nodes,
    async () => (await scrape(node))[name] === wanted,
    () => `${name} is not ${wanted}`,
  )

/** The metrics that weir reads, and the statistics behind them. */
export const metricCases: Cases = {
  'every metric that weir reads is there, without a label for the node': async ({ one }) => {
    assert.deepEqual(Object.keys(await scrape(one)).sort(), [
      'emqx_client_connected',
      'emqx_client_disconnected',
      'emqx_cluster_nodes_running',
      'emqx_cluster_nodes_stopped',
      'emqx_connections_count',
      'emqx_connections_max',
      'emqx_live_connections_count',
      'emqx_live_connections_max',
      'emqx_packets_connack_error',
      'emqx_packets_connack_sent',
      'emqx_packets_connect',
      'emqx_packets_disconnect_received',
      'emqx_packets_disconnect_sent',
      'emqx_session_created',
      'emqx_session_discarded',
      'emqx_session_resumed',
      'emqx_session_takenover',
      'emqx_session_terminated',
      'emqx_sessions_count',
      'emqx_sessions_max',
      'emqx_subscriptions_count',
    ])
  },

  'gauges count channels and connected clients apart': async (nodes) => {
    const { one } = nodes
    const [away] = await admitted(one, persistent('p'))
    await admitted(one, { clientId: 'c' })
    away.close()
    await isAway(nodes, 'p')
    await gauge(nodes, one, 'emqx_live_connections_count', 1)
    await gauge(nodes, one, 'emqx_connections_count', 2)
    await gauge(nodes, one, 'emqx_sessions_count', 2)
    // Each node reads its tables at a moment of its own, and counts the sessions of the whole cluster.
    await until(nodes, async () => {
      const { json } = await ask(one, 'GET', '/api/v5/stats?aggregate=true')
      const counts = ['connections.count', 'live_connections.count', 'cluster_sessions.count'].map(
        (name) => json[name],
      )
      return counts.join() === '2,1,4'
    })
  },

  'counters of clients that come, go and take over': async (nodes) => {
    const { one, two } = nodes
    const [before, beforeTwo] = [await scrape(one), await scrape(two)]
    const [p] = await admitted(one, persistent('p'))
    const [left] = await admitted(one, { clientId: 'left' })
    left.send({ cmd: 'disconnect' })
    await closed(nodes, left)
    await admitted(two, persistent('p'))
    await closed(nodes, p)
    const names = [
      'emqx_packets_connect',
      'emqx_packets_connack_sent',
      'emqx_packets_connack_error',
      'emqx_client_connected',
      'emqx_client_disconnected',
      'emqx_packets_disconnect_sent',
      'emqx_packets_disconnect_received',
      'emqx_session_created',
      'emqx_session_resumed',
      'emqx_session_takenover',
      'emqx_session_terminated',
      'emqx_session_discarded',
    ]
    const read = (counts: Record<string, number>) => names.map((name) => counts[name])
    await until(nodes, async () => (await moved(one, before, names)).emqx_client_disconnected === 2)
    assert.deepEqual(read(await moved(one, before, names)), [2, 2, 0, 2, 2, 1, 1, 2, 0, 1, 1, 0])
    assert.deepEqual(read(await moved(two, beforeTwo, names)), [1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0])
  },

  'counters of an evacuation': async (nodes) => {
    const { one, two } = nodes
    await admitted(one, persistent('p'))
    await admitted(one, { clientId: 'five' })
    await admitted(one, { clientId: 'four', version: 4 })
    const [before, beforeTwo] = [await scrape(one), await scrape(two)]
    await evacuate(one, { conn_evict_rate: 10 })
    await reaches(nodes, one, 'prohibiting')
    const refused = dial(one.ip, { clientId: 'five' })
    await closed(nodes, refused)
    const names = [
      'emqx_client_disconnected',
      'emqx_packets_disconnect_sent',
      'emqx_packets_connack_error',
      'emqx_session_takenover',
      'emqx_session_terminated',
    ]
    assert.deepEqual(await moved(one, before, names), {
      emqx_client_disconnected: 3,
      emqx_packets_disconnect_sent: 2,
      emqx_packets_connack_error: 1,
      emqx_session_takenover: 1,
      emqx_session_terminated: 2,
    })
    assert.deepEqual(await moved(two, beforeTwo, ['emqx_session_resumed']), { emqx_session_resumed: 1 })
    await gauge(nodes, one, 'emqx_connections_count', 0)
    await gauge(nodes, two, 'emqx_connections_count', 1)
    await gauge(nodes, two, 'emqx_live_connections_count', 0)
  },

  'the reasons of ends count processes': async (nodes) => {
    const { one } = nodes
    const reasons = async () => {
      const { body } = await ask(one, 'GET', '/api/v5/prometheus/stats')
      const found = body.matchAll(/^emqx_client_disconnected_reason\{(.+)\} (\d+)$/gm)
      return new Map([...found].map(([, labels, count]) => [labels!, Number(count)]))
    }
    const label = (reason: string) => `listener_type="tcp",listener_name="default",reason="${reason}"`
    const before = await reasons()
    await admitted(one, persistent('p'))
    await admitted(one, { clientId: 'c' })
    await evacuate(one, { conn_evict_rate: 10 })
    await reaches(nodes, one, 'prohibiting')
    await until(nodes, async () => {
      const after = await reasons()
      const since = (reason: string) => (after.get(label(reason)) ?? 0) - (before.get(label(reason)) ?? 0)
      return since('use_another_server') === 1 && since('takenover') === 1
    })
  },

  'scrapes: text without credentials, JSON when it is asked for, one mode that is none': async ({ one }) => {
    const path = '/api/v5/prometheus/stats'
    const plain = await ask(one, 'GET', path, { authorization: null })
    assert.deepEqual([plain.status, plain.headers.get('content-type')], [200, 'text/plain'])
    const json = await ask(one, 'GET', path, { accept: 'application/json' })
    assert.equal(typeof json.json.stats.emqx_connections_count, 'number')
    for (const mode of ['all_nodes_aggregated', 'all_nodes_unaggregated'])
      assert.equal((await ask(one, 'GET', `${path}?mode=${mode}`)).status, 200)
    assert.equal((await ask(one, 'GET', `${path}?mode=none`)).status, 400)
  },
}
