import { findPod } from '#weir/cluster/discover/pod.ts'
import { tryRequests } from '#weir/cluster/discover/requests.ts'
import type { Cluster } from '#weir/cluster/index.ts'
import { type Line, missing, ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** EMQX accepts the credentials that weir has for its HTTP API, and answers each request that a run makes of it. */
export const emqxApi = defineCheck({
  id: 'emqx-api',
  title: 'EMQX API',
  code: 'WEIR_CLUSTER_UNFIT',
  asksNodes: true,
  needs: ['opened', 'discovery'],
  async run({ opened, discovery: { credentials, emqx, evacuation, dialect } }) {
    const say = `set ${dialect.emqx.saying}, or let weir read the operator's Secret`
    if (credentials.found === undefined)
      return { lines: [missing(`there are no credentials for EMQX's HTTP API: ${credentials.why}`, say)] }
    const who = `${credentials.found.username} (${credentials.how})`
    if (emqx.found === undefined)
      return { lines: [missing(`EMQX's HTTP API does not accept ${who}: ${emqx.why}`, say)] }
    const lines = await failedRequests(opened, evacuation.found === true)
    return { lines: lines.length > 0 ? lines : [ok(`accepts ${who}`)] }
  },
})

async function failedRequests(cluster: Cluster, evacuations: boolean): Promise<Line[]> {
  const pod = await findPod(cluster.kube, cluster.dialect, await cluster.resource())
  if (pod.found === undefined) return [missing(pod.why, 'check why its pods are not ready')]
  const failed = await tryRequests(cluster, pod.found, { evacuations })
  return failed.map(({ what, why, todo }) =>
    missing(
      `EMQX's HTTP API does not list its ${what}: ${why}`,
      todo ?? `check what refuses it on pod ${pod.found.name}: a run requests it all along`,
    ),
  )
}
