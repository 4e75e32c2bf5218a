import type { Evacuation } from '#weir/facts/index.ts'

/**
 * How many sessions a node has left by EMQX's status; null while unknown. `current_sessions` stands still at
 * its first value until sessions are evicted (measured on real nodes), though clients take their sessions with them all
 * the time: until then it counts what was, and only a node that never had any is known to have none. The state changes a
 * moment before the first count, so a count that still has the first value may be older.
 */
export function sessionsLeft({
  state,
  currentSessions,
  initialSessions,
}: Pick<Evacuation, 'state' | 'currentSessions' | 'initialSessions'>): number | null {
  const counted =
    state === 'prohibiting' || (state === 'evicting_sessions' && currentSessions !== initialSessions)
  return counted || currentSessions === 0 ? currentSessions : null
}
