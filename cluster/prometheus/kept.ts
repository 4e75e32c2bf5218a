import { parseExposition } from './parse.ts'

/** What of a scrape goes into the record. Names differ between EMQX 4.4 and 5 (docs/contract/emqx.md#counters). */
export const KEPT_METRICS: ReadonlySet<string> = new Set([
  'emqx_connections_count',
  'emqx_connections_max',
  'emqx_live_connections_count',
  'emqx_live_connections_max',
  'emqx_sessions_count',
  'emqx_sessions_max',
  'emqx_subscriptions_count',
  'emqx_client_connected',
  'emqx_client_disconnected',
  'emqx_packets_connect',
  'emqx_packets_connack_sent',
  'emqx_packets_connack_error',
  'emqx_packets_disconnect_sent',
  'emqx_packets_disconnect_received',
  'emqx_session_created',
  'emqx_session_resumed',
  'emqx_session_discarded',
  'emqx_session_terminated',
  'emqx_session_takeovered',
  'emqx_session_takenover',
  'emqx_cluster_nodes_running',
  'emqx_cluster_nodes_stopped',
])

/**
 * The kept samples of one node's scrape. Samples with labels belong to another scope (a listener, another node of an
 * aggregated answer); a value that is not a number is left out rather than written as one.
 */
export function keepMetrics(text: string): Record<string, number> {
  const kept: Record<string, number> = {}
  for (const { name, labels, value } of parseExposition(text, KEPT_METRICS))
    if (Object.keys(labels).length === 0 && Number.isFinite(value)) kept[name] = value
  return kept
}
