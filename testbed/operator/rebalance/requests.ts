import type { Answer } from '../runtime/pod-http.ts'
import type { Target } from './target.ts'
import type { Rebalance, RebalanceState } from './types.ts'

/** The body of `{node}/start`: thresholds as numbers, and every node by name. */
export const startBody = (strategy: Rebalance['spec']['rebalanceStrategy'], nodes: readonly string[]) => ({
  conn_evict_rate: strategy.connEvictRate,
  sess_evict_rate: strategy.sessEvictRate,
  wait_takeover: strategy.waitTakeover,
  wait_health_check: strategy.waitHealthCheck,
  abs_conn_threshold: strategy.absConnThreshold,
  abs_sess_threshold: strategy.absSessThreshold,
  rel_conn_threshold: Number(strategy.relConnThreshold),
  rel_sess_threshold: Number(strategy.relSessThreshold),
  nodes,
})

/** An answer other than 200, and in EMQX 4 a code other than 0, is an error. */
function expectDone(path: string, { status, body }: Answer): void {
  const code = status === 200 ? (JSON.parse(body) as { code?: number }).code : undefined
  if (status !== 200 || code === 400)
    throw new Error(`failed to request API ${path}, status : ${status}, body: ${body}`)
}

/** Asks the first node to coordinate. */
export async function requestStart(
  target: Target,
  strategy: Rebalance['spec']['rebalanceStrategy'],
): Promise<void> {
  const path = `${target.path}/${target.nodes[0]}/start`
  expectDone(path, await target.send('POST', path, startBody(strategy, target.nodes)))
}

/** One that has ended meanwhile is no error. */
export async function requestStop(target: Target, coordinator: string): Promise<void> {
  const path = `${target.path}/${coordinator}/stop`
  const answer = await target.send('POST', path)
  if (!answer.body.includes('not_started')) expectDone(path, answer)
}

export async function askStates(target: Target): Promise<RebalanceState[]> {
  const path = `${target.path}/global_status`
  const answer = await target.send('GET', path)
  expectDone(path, answer)
  const { rebalances = [] } = JSON.parse(answer.body) as { rebalances?: RebalanceState[] }
  return rebalances.map((one) => ({
    state: one.state,
    session_eviction_rate: one.session_eviction_rate,
    recipients: one.recipients,
    node: one.node,
    donors: one.donors,
    coordinator_node: one.coordinator_node,
    connection_eviction_rate: one.connection_eviction_rate,
  }))
}
