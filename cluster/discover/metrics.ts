import type { Cluster, PodTarget } from '../types.ts'
import { type Finding, unknown, wordsOf } from './finding.ts'
import type { MetricsFound } from './types.ts'

/** The path of the metrics, whether they need credentials, and which gauges this version has. */
export async function findMetrics(cluster: Cluster, pod: PodTarget): Promise<Finding<MetricsFound>> {
  const { dialect } = cluster
  const api = cluster.emqx(pod)
  try {
    const open = await api.metricsAreOpen()
    const { metrics } = await api.metrics()
    const { port } = await cluster.emqxUser()
    return {
      found: {
        path: dialect.emqx.metricsPath,
        port,
        authentication: open ? 'none' : 'credentials',
        connections: dialect.facts.connectionsMetric in metrics,
        liveConnections: dialect.facts.liveConnectionsMetric in metrics,
        names: Object.keys(metrics).sort(),
      },
      how: 'scraped',
    }
  } catch (error) {
    return unknown(wordsOf(error))
  }
}
