import type { Evacuation, EvacuationState } from '#weir/facts/index.ts'

const STATES: readonly string[] = [
  'waiting_health_check',
  'evicting_conns',
  'waiting_takeover',
  'evicting_sessions',
  'prohibiting',
] satisfies EvacuationState[]

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

function readOne(raw: unknown): Evacuation | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  const one = raw as Record<string, unknown>
  const stats = (one.stats ?? {}) as Record<string, unknown>
  const figures = [
    count(one.connection_eviction_rate),
    count(one.session_eviction_rate),
    count(stats.initial_connected),
    count(stats.initial_sessions),
    count(stats.current_connected),
    count(stats.current_sessions),
  ]
  if (typeof one.node !== 'string' || typeof one.state !== 'string' || !STATES.includes(one.state))
    return undefined
  if (figures.includes(undefined)) return undefined
  const [
    connectionEvictionRate,
    sessionEvictionRate,
    initialConnected,
    initialSessions,
    currentConnected,
    currentSessions,
  ] = figures as [number, number, number, number, number, number]
  return {
    node: one.node,
    state: one.state as EvacuationState,
    connectionEvictionRate,
    sessionEvictionRate,
    recipients: Array.isArray(one.session_recipients) ? one.session_recipients.map(String) : [],
    initialConnected,
    initialSessions,
    currentConnected,
    currentSessions,
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
