import { readAddresses } from '../addresses.ts'
import { asClusterError, serverName, throwIfNoAnswer } from '../failure.ts'
import type { KubeApi } from '../kubernetes/types.ts'
import { instanceSelector } from '../observe/scope.ts'
import type { Cluster, EmqxNodeApi, PodTarget } from '../types.ts'
import { canEvacuate } from './evacuation.ts'
import { isKnownLine } from './operator.ts'
import { findPod } from './pod.ts'
import { findService } from './service.ts'
import { type Discovery, type Finding, failed, type MetricsFound, unknown } from './types.ts'

/**
 * Discovers a cluster without changing it. What cannot be found is returned with its reason; only a missing resource and an API server
 * that does not answer are thrown.
 *
 * @throws WeirError WEIR_CLUSTER_UNFIT, WEIR_CLUSTER_FORBIDDEN or WEIR_CLUSTER_UNREACHABLE
 */
export async function discover(cluster: Cluster): Promise<Discovery> {
  const { kube, dialect, name, namespace, operator } = cluster
  const resource = await cluster.resource().catch((error: unknown) => {
    throw asClusterError(error, kube.server, `read ${dialect.kind} ${name}`)
  })
  const pod = await findPod(kube, dialect, resource)
  const ask = async <T>(question: (api: EmqxNodeApi) => Promise<T>): Promise<Finding<T>> => {
    if (pod.found === undefined) return unknown(pod.why)
    try {
      return { found: await question(cluster.emqx(pod.found)), how: `read from pod ${pod.found.name}` }
    } catch (error) {
      throwIfNoAnswer(error, kube.server, 'find the pods of EMQX')
      return failed(error)
    }
  }
  const emqx = await ask((api) => api.about())
  const [licence, metrics, service, addresses, credentials] = await Promise.all([
    ask((api) => api.licence()),
    pod.found === undefined ? unknown(pod.why) : findMetrics(cluster, pod.found),
    findService(kube, await cluster.clientService(), cluster.wayIn, instanceSelector(name)),
    findAddresses(kube, name),
    findUser(cluster),
  ])
  return {
    server: serverName(kube.server),
    namespace,
    dialect,
    name,
    version: dialect.version(resource),
    strategy: dialect.readStrategy(resource),
    operator: { ...operator, known: operator.line !== undefined && isKnownLine(dialect, operator.line) },
    route: cluster.route
      ? { found: cluster.route, how: 'tried' }
      : pod.found === undefined
        ? pod
        : noRoute(metrics),
    credentials,
    emqx,
    evacuation: canEvacuate(emqx),
    licence,
    service,
    addresses,
    metrics,
  }
}

/** Metrics are asked for without credentials too, so that what fails there is the route. */
const noRoute = (metrics: Discovery['metrics']): Discovery['route'] =>
  metrics.found === undefined ? unknown(metrics.why, metrics.todo) : unknown('no pod answered')

async function findUser(cluster: Cluster): Promise<Discovery['credentials']> {
  try {
    const { username, from } = await cluster.emqxUser()
    return username === undefined ? unknown(from) : { found: { username }, how: from }
  } catch (error) {
    return failed(error)
  }
}

export type { Discovery, Finding, MetricsFound, ServiceFound } from './types.ts'

/** The path of the metrics, whether they need credentials, and which gauges this version has. */
async function findMetrics(cluster: Cluster, pod: PodTarget): Promise<Finding<MetricsFound>> {
  const { dialect } = cluster
  const api = cluster.emqx(pod)
  try {
    const open = await api.metricsAreOpen()
    const { metrics } = await api.metrics()
    const { scheme, port } = await cluster.emqxEndpoint(pod)
    return {
      found: {
        path: dialect.emqx.metricsPath,
        scheme,
        port,
        authentication: open ? 'none' : 'credentials',
        connections: dialect.facts.connectionsMetric in metrics,
        liveConnections: dialect.facts.liveConnectionsMetric in metrics,
        names: Object.keys(metrics).sort(),
      },
      how: 'scraped',
    }
  } catch (error) {
    throwIfNoAnswer(error, cluster.kube.server, 'find the pods of EMQX')
    return failed(error)
  }
}

async function findAddresses(kube: KubeApi, name: string): Promise<Discovery['addresses']> {
  try {
    return { found: await readAddresses(kube, name), how: `Services of namespace ${kube.namespace}` }
  } catch (error) {
    throwIfNoAnswer(error, kube.server, 'read Services and nodes')
    return failed(error)
  }
}
