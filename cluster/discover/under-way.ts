import type { KubeObject } from '../kubernetes/types.ts'
import { rebalancesUnderWay, rebalanceWay } from '../rebalance-resource.ts'
import type { Cluster } from '../types.ts'
import { findPod } from './pod.ts'
import { type Finding, unknown, wordsOf } from './types.ts'

/** What moves clients of this cluster already: evacuations and rebalances by EMQX's word, and Rebalances that have not ended. */
export async function findUnderWay(cluster: Cluster, resource: KubeObject): Promise<Finding<string[]>> {
  const pod = await findPod(cluster.kube, cluster.dialect, resource)
  if (pod.found === undefined) return unknown(pod.why)
  try {
    const emqx = cluster.emqx(pod.found)
    const { kind } = await rebalanceWay(cluster)
    const [evacuations, rebalances, resources] = await Promise.all([
      emqx.evacuations(),
      emqx.rebalances(),
      kind ? rebalancesUnderWay(cluster, kind) : [],
    ])
    return {
      found: [
        ...evacuations.map(({ node }) => `node ${node} is being evacuated`),
        ...rebalances.map(({ coordinator }) => `node ${coordinator} coordinates a rebalance`),
        ...resources.map((name) => `Rebalance ${cluster.namespace}/${name} has not ended`),
      ],
      how: `asked of pod ${pod.found.name}`,
    }
  } catch (error) {
    return unknown(wordsOf(error))
  }
}
