import { COUNTERS, type CounterName } from '../../metrics/counters.ts'
import { prometheusJson, prometheusText } from '../../metrics/prometheus.ts'
import type { NodeCore } from '../../node-core.ts'
import { bare, text } from '../answer.ts'
import { get, type Route } from '../routes.ts'
import { perNode } from './answer.ts'

/** Gauges under EMQX's own names, e.g. "connections.count": the same 2 s cache as the Prometheus text. */
function statsOf(node: NodeCore): Record<string, number> {
  const stats: Record<string, number> = {}
  for (const [name, count, max] of node.gauges.rows()) {
    const dotted = name.replace('subscriptions_shared', 'subscriptions.shared')
    stats[`${dotted}.count`] = count
    stats[`${dotted}.max`] = max
  }
  return stats
}

/** Counters under EMQX's own names, e.g. "client.connected". */
function metricsOf(node: NodeCore): Record<string, number> {
  const metrics: Record<string, number> = {}
  for (const [key, name] of Object.entries(COUNTERS))
    metrics[name.replace('emqx_', '').replace('_', '.')] = node.counters[key as CounterName]
  return metrics
}

export const statsRoutes: Route[] = [
  get('/status', ({ node }) => text(`Node ${node.name} is started\nemqx is running`)),
  get('/api/v4/emqx_prometheus', ({ node, query }) =>
    query.get('type') === 'prometheus' ? text(prometheusText(node)) : bare(prometheusJson(node)),
  ),
  ...perNode('stats', statsOf),
  ...perNode('metrics', metricsOf),
]
