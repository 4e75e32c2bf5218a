import type { Evacuation, EvacuationState } from '#weir/facts/index.ts'

const STATES: readonly string[] = [
  'waiting_health_check',
  'evicting_conns',
  'waiting_takeover',
  'evicting_sessions',
  'prohibiting',
] satisfies EvacuationState[]

function readOne(raw: unknown): Evacuation | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  const one = raw as Record<string, unknown>
  const stats = (one.stats ?? {}) as Record<string, unknown>
  const figures = {
    connectionEvictionRate: one.connection_eviction_rate,
    sessionEvictionRate: one.session_eviction_rate,
    initialConnected: stats.initial_connected,
    initialSessions: stats.initial_sessions,
    currentConnected: stats.current_connected,
    currentSessions: stats.current_sessions,
  }
  if (typeof one.node !== 'string' || typeof one.state !== 'string' || !STATES.includes(one.state))
    return undefined
  if (!Object.values(figures).every(Number.isFinite)) return undefined
  return {
    node: one.node,
    state: one.state as EvacuationState,
    recipients: Array.isArray(one.session_recipients) ? one.session_recipients.map(String) : [],
    ...(figures as Record<keyof typeof figures, number>),
  }
}

/**
 * A list of evacuations as EMQX and the operator write it: an array, or in the oldest releases an object keyed by node
 * (docs/contract/emqx.md#load-rebalance-api). An entry without its figures is left out.
 */
export function readEvacuations(raw: unknown): Evacuation[] {
  const entries = Array.isArray(raw)
    ? raw
    : Object.entries((raw ?? {}) as Record<string, unknown>).map(([node, one]) => ({
        node,
        ...(one as object),
      }))
  return entries.flatMap((entry) => readOne(entry) ?? [])
}

/** True when `raw` is a list of evacuations of which each entry could be read. */
export function isEvacuationList(raw: unknown): boolean {
  if (typeof raw !== 'object' || raw === null) return false
  return readEvacuations(raw).length === (Array.isArray(raw) ? raw.length : Object.keys(raw).length)
}
