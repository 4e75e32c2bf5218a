import { asClusterError } from '../failure.ts'
import { instanceSelector } from '../observe/scope.ts'
import { serverName } from '../server-name.ts'
import type { Cluster, EmqxNodeApi } from '../types.ts'
import { canEvacuate } from './evacuation.ts'
import { type Finding, unknown, wordsOf } from './finding.ts'
import { findMetrics } from './metrics.ts'
import { isKnownLine } from './operator.ts'
import { findPod } from './pod.ts'
import { findService } from './service.ts'
import type { Discovery } from './types.ts'

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
      return unknown(wordsOf(error))
    }
  }
  const emqx = await ask((api) => api.about())
  const [licence, metrics, service, credentials] = await Promise.all([
    ask((api) => api.licence()),
    pod.found === undefined ? unknown(pod.why) : findMetrics(cluster, pod.found),
    findService(kube, dialect.listenersService(resource), instanceSelector(name)),
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
      : unknown(pod.found === undefined ? pod.why : 'no pod answered'),
    credentials,
    emqx,
    evacuation: canEvacuate(emqx),
    licence,
    service,
    metrics,
  }
}

async function findUser(cluster: Cluster): Promise<Discovery['credentials']> {
  try {
    const { username, from } = await cluster.emqxUser()
    return username === undefined ? unknown(from) : { found: { username }, how: from }
  } catch (error) {
    return unknown(wordsOf(error))
  }
}

export type { Finding } from './finding.ts'
export type { Discovery, MetricsFound, ServiceFound } from './types.ts'
