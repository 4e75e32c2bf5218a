import { findPods } from '#weir/cluster/discover/pod.ts'
import { type Cluster, EmqxApiError } from '#weir/cluster/index.ts'
import type { PodTarget } from '#weir/cluster/types.ts'
import { ok, unknown, warning } from '../line.ts'
import { defineCheck } from './check.ts'

/**
 * Counts clients that are connected already, and sessions without one. Gauges and evacuation rates include the clients, so these cannot be
 * compared with weir's own; the sessions take part in an evacuation, and count for a licence.
 */
export const otherClients = defineCheck({
  id: 'other-clients',
  title: 'other clients',
  code: 'WEIR_CLUSTER_UNFIT',
  asksNodes: true,
  needs: ['opened'],
  async run({ opened, clients }) {
    const pods = await findPods(opened.kube, opened.dialect, await opened.resource())
    if (pods.found === undefined) return { lines: [unknown(pods.why, 'check why its pods are not ready')] }
    try {
      const { others, sessions } = await count(opened, pods.found)
      if (others === undefined) {
        const says = `EMQX has ${sessions} sessions, and does not report how many are connected`
        return { lines: [unknown(says, 'if other clients are connected, the run counts them as its own')] }
      }
      const otherSessions = Math.max(0, sessions - others)
      const learned = { otherClients: others, otherSessions }
      const left =
        otherSessions === 0 ? '' : `; ${otherSessions} sessions without a client are left of earlier ones`
      if (others === 0) return { lines: [ok(`none is connected${left}`)], learned }
      const says = `${others} other clients are connected${left}`
      if (clients === 0) return { lines: [ok(says)], learned }
      const todo =
        'assertions that compare gauges with the fleet do not apply; use a cluster without other clients for them'
      return { lines: [warning(says, todo)], learned }
    } catch (error) {
      if (!(error instanceof EmqxApiError)) throw error
      return { lines: [unknown(`EMQX does not report them: ${error.message}`, 'fix what is missing above')] }
    }
  },
})

/**
 * Counts connected clients. Nodes before 4.4.19 list sessions, connected or not, so sessions of an earlier run would count; the gauge
 * (from 4.4.15) counts only connections.
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
