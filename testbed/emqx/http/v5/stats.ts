import type { GaugeName } from '../../metrics/gauges.ts'
import { MODES, type Mode, prometheusJson5, prometheusText5 } from '../../metrics/prometheus-5.ts'
import type { NodeCore } from '../../node-core.ts'
import { type Answer, bare, text } from '../answer.ts'
import { type Call, get, type Route } from '../routes.ts'
import { badRequest, schemaError } from './answer.ts'

/** In the order of the answer. What the whole cluster shares is not summed up over its nodes, but for its sessions: 5.8.9 does add those. */
const STATS: readonly (readonly [name: string, gauge: GaugeName, isShared: boolean])[] = [
  ['channels', 'channels', false],
  ['cluster_sessions', 'cluster_sessions', false],
  ['connections', 'connections', false],
  ['delayed', 'delayed', false],
  ['live_connections', 'live_connections', false],
  ['retained', 'retained', true],
  ['sessions', 'sessions', false],
  ['suboptions', 'suboptions', false],
  ['subscribers', 'subscribers', false],
  ['subscriptions', 'subscriptions', false],
  ['subscriptions.shared', 'subscriptions_shared', true],
  ['topics', 'topics', true],
]

/** The same 2 s cache as the Prometheus text. */
function statsOf(nodes: readonly NodeCore[]): Record<string, number> {
  const stats: Record<string, number> = {}
  for (const [name, gauge, isShared] of STATS) {
    const read = (isShared ? nodes.slice(0, 1) : nodes).map((node) => node.gauges.read(gauge))
    stats[`${name}.count`] = read.reduce((sum, { count }) => sum + count, 0)
    stats[`${name}.max`] = read.reduce((sum, { max }) => sum + max, 0)
  }
  return stats
}

export const statsRoutes: Route[] = [
  get('/api/v5/stats', ({ node, query }) => {
    const nodes = node.group.newestFirst()
    if (query.get('aggregate') === 'true') return bare(statsOf(nodes))
    return bare(nodes.map((each) => ({ ...statsOf([each]), node: each.name })))
  }),
  // Rates are not emulated.
  get('/api/v5/monitor_current', ({ node }) => {
    const stats = statsOf(node.group.newestFirst())
    return bare({
      connections: stats['connections.count'],
      disconnected_durable_sessions: 0,
      dropped_msg_rate: 0,
      live_connections: stats['live_connections.count'],
      persisted_rate: 0,
      received_msg_rate: 0,
      retained_msg_count: stats['retained.count'],
      sent_msg_rate: 0,
      shared_subscriptions: stats['subscriptions.shared.count'],
      subscriptions: stats['subscriptions.count'],
      subscriptions_durable: 0,
      subscriptions_ram: stats['subscriptions.count'],
      topics: stats['topics.count'],
      transformation_failed_rate: 0,
      transformation_succeeded_rate: 0,
      validation_failed_rate: 0,
      validation_succeeded_rate: 0,
    })
  }),
]

const isMode = (text: string): text is Mode => (MODES as readonly string[]).includes(text)

export const prometheusRoutes: Route[] = [
  get('/api/v5/prometheus/stats', ({ node, query, accept }) => {
    const mode = query.get('mode') ?? 'node'
    if (!isMode(mode)) return badRequest(schemaError(mode, 'not_a_enum_symbol', 'mode'))
    // Only mode "node" is emulated as JSON.
    if (accept === 'application/json' && mode === 'node') return bare(prometheusJson5(node))
    return text(prometheusText5(node, mode))
  }),
]

/** Stays 200 during an evacuation. */
function status({ node, query }: Call): Answer {
  const headers = { 'retry-after': '15' }
  if (query.get('format') !== 'json')
    return { ...text(`Node ${node.name} is started\nemqx is running`), headers }
  return {
    ...bare({
      rel_vsn: `e${node.version.version}`,
      node_name: node.name,
      broker_status: 'started',
      app_status: 'running',
    }),
    headers,
  }
}

export const statusRoutes: Route[] = [get('/status', status), get('/api/v5/status', status)]
