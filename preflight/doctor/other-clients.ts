import { findPods } from '#weir/cluster/discover/pod.ts'
import { type Cluster, EmqxApiError } from '#weir/cluster/index.ts'
import type { PodTarget } from '#weir/cluster/types.ts'
import { ok, unknown, warning } from '../line.ts'
import { defineCheck } from './check.ts'

/**
 * Who is connected already. Gauges and evacuation rates count them too, so that what weir's own clients tell cannot be
 * held against those.
 */
export const otherClients = defineCheck({
  id: 'other-clients',
  title: 'other clients',
  code: 'WEIR_CLUSTER_UNFIT',
  needs: ['opened'],
  async look({ opened, clients }) {
    const pods = await findPods(opened.kube, opened.dialect, await opened.resource())
    if (pods.found === undefined) return { lines: [unknown(pods.why, 'see what keeps its pods')] }
    try {
      const { others, sessions } = await count(opened, pods.found)
      if (others === undefined) {
        const says = `EMQX has ${sessions} sessions, and does not tell how many of them are connected`
        return { lines: [unknown(says, 'if clients other than weir’s are, the run counts them as its own')] }
      }
      const learned = { otherClients: others }
      if (others === 0) return { lines: [ok('none is connected')], learned }
      const says = `${others} clients that are not weir's are connected`
      if (clients === 0) return { lines: [ok(says)], learned }
      const todo =
        'what gauges count is not held against the fleet then; for that use a cluster without other clients'
      return { lines: [warning(says, todo)], learned }
    } catch (error) {
      if (!(error instanceof EmqxApiError)) throw error
      return { lines: [unknown(`EMQX does not tell: ${error.message}`, 'mend what is missing above')] }
    }
  },
})

/**
 * Clients that are connected. Nodes before 4.4.19 list sessions, connected or not, so that sessions which an earlier run
 * left behind would count; the gauge tells them apart where there is one (from 4.4.15).
 */
async function count(
  { emqx, dialect }: Cluster,
  pods: readonly PodTarget[],
): Promise<{ others?: number; sessions: number }> {
  const nodes = (await emqx(pods[0]!).nodes()).filter(({ running }) => running)
  const sessions = nodes.reduce((sum, { connections = 0 }) => sum + connections, 0)
  const live = nodes.map(({ liveConnections }) => liveConnections)
  if (live.every((one) => one !== undefined)) return { others: total(live), sessions }
  if (sessions === 0) return { others: 0, sessions }
  if (pods.length !== nodes.length) return { sessions }
  const scrapes = await Promise.all(pods.map((pod) => emqx(pod).metrics()))
  const gauges = scrapes.map(({ metrics }) => metrics[dialect.facts.liveConnectionsMetric])
  return gauges.every((one) => one !== undefined) ? { others: total(gauges), sessions } : { sessions }
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0)
