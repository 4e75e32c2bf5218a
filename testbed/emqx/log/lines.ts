import type { EvacuationOptions } from '../evacuation/options.ts'
import { isHttp, type Listener } from '../http/management-api.ts'
import type { LogEvent } from './emqx-log.ts'
import { printed } from './erlang.ts'

/** The lines that a node logs (docs/contract/emqx.md#logs); all others of a real node are not emulated. */

const warning = (msg: string, text4?: string, fields?: LogEvent['fields']): LogEvent => ({
  level: 'warning',
  msg,
  ...(text4 !== undefined && { text4 }),
  ...(fields && { fields }),
})

export const evacuationLines = {
  started: (options: EvacuationOptions) =>
    warning('node_evacuation_started', 'Node evacuation started', {
      opts: {
        conn_evict_rate: options.connEvictRate,
        migrate_to: options.migrateTo,
        server_reference: options.serverReference,
        sess_evict_rate: options.sessEvictRate,
        ...(options.waitHealthCheckSeconds !== undefined && {
          wait_health_check: options.waitHealthCheckSeconds,
        }),
        wait_takeover: options.waitTakeoverSeconds,
      },
    }),
  /** `count`: live connections before this tick's evictions. */
  evictConnections: (count: number, rate: number) =>
    warning(
      'node_evacuation_evict_conns',
      `Node evacuation evict_conns, count=${count}, conn_evict_rate=${rate}`,
      { conn_evict_rate: rate, count },
    ),
  connectionsGone: () => warning('node_evacuation_evict_conns_done', 'Node evacuation evict_conns over'),
  takeoverWaited: () =>
    warning('node_evacuation_waiting_takeover_done', 'Node evacuation wait_takeover over'),
  evictSessions: (count: number, rate: number, targets: readonly string[]) =>
    warning(
      'node_evacuation_evict_sessions',
      `Node evacuation evict_sessions, count=${count}, sess_evict_rate=${rate},target_nodes=${printed(targets)}`,
      { target_nodes: targets, session_evict_rate: rate, session_count: count },
    ),
  noTargets: (count: number) =>
    warning(
      'no_nodes_to_evacuate_sessions',
      `No nodes are available to evacuate sessions, session_count=${count}`,
      { session_count: count },
    ),
  sessionsGone: () => warning('node_evacuation_evict_sessions_over', 'Node evacuation evict_sessions over'),
  stopped: () => warning('node_evacuation_stopped', 'Node evacuation stopped'),
}

/** EMQX 5: a client is over the licence's number. */
export const licenceLine = (clientid: string, peername: string): LogEvent => ({
  level: 'error',
  msg: 'connection_rejected_due_to_license_limit_reached',
  head: { tag: 'LICENSE', clientid },
  fields: { peername },
})

/** What 5.8.9 prints once it serves, measured; past its logger, so without time and level. */
export const servingLines = (version: string, ip: string, listeners: readonly Listener[]): string[] => {
  const named = listeners.map((one) => ({
    ...one,
    name: `${one.serves}:${isHttp(one) ? one.of : 'default'}`,
  }))
  const inOrder = named.sort((a, b) => Number(isHttp(a)) - Number(isHttp(b)) || (a.name < b.name ? -1 : 1))
  return [
    ...inOrder.map(({ name, port }) => `Listener ${name} on ${ip}:${port} started.`),
    `EMQX ${version} is running now!`,
  ]
}
