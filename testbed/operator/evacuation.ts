import { omitEmpty } from '#weir/cluster/kubernetes/kinds.ts'
/** Evacuations as EMQX's API and both resources show them (docs/contract/emqx.md#load-rebalance-api). */

/** One evacuation of GET load_rebalance/global_status. */
export interface EvacuationStatus {
  node: string
  state: string
  session_recipients?: string[]
  session_goal?: number
  session_eviction_rate?: number
  connection_goal?: number
  connection_eviction_rate?: number
  stats?: {
    initial_sessions?: number
    initial_connected?: number
    current_sessions?: number
    current_connected?: number
  }
}

/** Rates and wait as a resource specifies them. */
export interface EvacuationStrategy {
  waitTakeover?: number
  connEvictRate?: number
  sessEvictRate?: number
}

/** Goals of zero are left out, as Go does. */
export const withoutZeroGoals = (evacuations: EvacuationStatus[]): EvacuationStatus[] =>
  evacuations.map(({ session_goal, connection_goal, ...rest }) => ({
    ...rest,
    ...omitEmpty({ session_goal, connection_goal }),
  }))

/**
 * The body of evacuation/start. A wait of 0 is left out, and EMQX then waits for its own default of 60 s. The wait for
 * health checks is never named.
 */
export const startBody = (strategy: EvacuationStrategy | undefined, migrateTo: string[]) => ({
  conn_evict_rate: strategy?.connEvictRate ?? 0,
  migrate_to: migrateTo,
  sess_evict_rate: strategy?.sessEvictRate ?? 0,
  ...(strategy?.waitTakeover && { wait_takeover: strategy.waitTakeover }),
})
