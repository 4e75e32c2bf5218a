/** What the recorder's user knows and a recording may not say. */
export interface ImportOptions {
  /** Nodes that were drained, by host or by EMQX's name; otherwise those that EMQX or the clients show. */
  nodes?: readonly string[]
  /** Connections per second and node that were to be evicted. */
  connEvictRate?: number
  waitTakeoverSeconds?: number
  waitHealthCheckSeconds?: number
  /** Of a rebalance: abs_conn_threshold and rel_conn_threshold. What only one of them says is EMQX's default for the other. */
  absConnThreshold?: number
  relConnThreshold?: number
  /** The wait of the clients before they reconnect: least and most. */
  reconnectMs?: { minMs: number; maxMs: number }
}
