import type { RebalanceStatus } from '#weir/facts/index.ts'
import type { RebalanceRequest } from './version-api.ts'

const STATES: readonly string[] = [
  'wait_health_check',
  'evicting_conns',
  'wait_takeover',
  'evicting_sessions',
] satisfies RebalanceStatus['state'][]

const names = (raw: unknown): string[] => (Array.isArray(raw) ? raw.map(String) : [])
const figure = (raw: unknown): number | undefined => (typeof raw === 'number' ? raw : undefined)

function readOne(raw: unknown): RebalanceStatus | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  const one = raw as Record<string, unknown>
  const { node, coordinator_node: coordinator = node, state } = one
  if (typeof coordinator !== 'string' || typeof state !== 'string' || !STATES.includes(state))
    return undefined
  const connectionGoal = figure(one.connection_goal)
  const donorConnections = figure(one.donor_conn_avg)
  return {
    coordinator,
    state: state as RebalanceStatus['state'],
    donors: names(one.donors),
    recipients: names(one.recipients),
    connectionEvictionRate: figure(one.connection_eviction_rate) ?? 0,
    sessionEvictionRate: figure(one.session_eviction_rate) ?? 0,
    ...(connectionGoal !== undefined && { connectionGoal }),
    ...(donorConnections !== undefined && { donorConnections }),
  }
}

/**
 * The list of rebalances of global_status: an array, or in the oldest releases an object keyed by node. Undefined when an entry cannot be read:
 * a rebalance that is not understood is not none.
 */
export function readRebalances(raw: unknown): RebalanceStatus[] | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  const entries = Array.isArray(raw)
    ? raw
    : Object.entries(raw).map(([node, one]) => ({ node, ...(one as object) }))
  const read = entries.flatMap((entry) => readOne(entry) ?? [])
  return read.length === entries.length ? read : undefined
}

/** The body of `{node}/start`. 4.4 refuses a wait of 0. */
export const rebalanceBody = (request: RebalanceRequest) => ({
  conn_evict_rate: request.connEvictRate,
  sess_evict_rate: request.sessEvictRate,
  wait_health_check: request.waitHealthCheckSeconds,
  wait_takeover: request.waitTakeoverSeconds,
  abs_conn_threshold: request.absConnThreshold,
  rel_conn_threshold: request.relConnThreshold,
  abs_sess_threshold: request.absSessThreshold,
  rel_sess_threshold: request.relSessThreshold,
  nodes: request.nodes,
})
