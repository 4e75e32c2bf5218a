/** A rebalance as EMQX lists it (docs/contract/emqx.md#rebalance). */
export interface RebalanceStatus {
  /** EMQX node names. */
  coordinator: string
  state: 'wait_health_check' | 'evicting_conns' | 'wait_takeover' | 'evicting_sessions'
  donors: string[]
  recipients: string[]
  /** Per donor and second. */
  connectionEvictionRate: number
  sessionEvictionRate: number
  /** Live connections of a recipient and of a donor, on average, at the last tick that evicted. */
  connectionGoal?: number
  donorConnections?: number
}

/** What became of the request for a rebalance. */
export type RebalanceOutcome = 'started' | 'nothing-to-balance'

/** GET …/load_rebalance/global_status, and what the operator's resource says, while weir waits for a rebalance. */
export interface RebalanceEvent {
  t: number
  type: 'rebalance'
  /** The pod that answered. */
  via: string
  tookNs: number
  rebalances: RebalanceStatus[]
  /** In the first event after the request, and where there was nothing to do in the only one. */
  outcome?: RebalanceOutcome
  /** The operator's resource, where the rebalance was asked for by one. */
  resource?: { name: string; phase: string; message?: string }
}

/** EMQX's own rule: two means are in balance when one exceeds the other by no more than either threshold. */
export function isWithinThresholds(
  more: number,
  less: number,
  { absConnThreshold, relConnThreshold }: { absConnThreshold: number; relConnThreshold: number },
): boolean {
  return more <= less + absConnThreshold || more <= less * relConnThreshold
}
