import type { Evacuation } from '#weir/record/index.ts'

/**
 * How many sessions a node has left by EMQX's own account; null while it does not say. `current_sessions` stands still at
 * its first value until sessions are evicted (measured on real nodes), though clients take their sessions with them all
 * the time: until then it counts what was, and only a node that never had any is known to have none.
 */
export function sessionsLeft(told: Pick<Evacuation, 'state' | 'currentSessions'>): number | null {
  const counted = told.state === 'evicting_sessions' || told.state === 'prohibiting'
  return counted || told.currentSessions === 0 ? told.currentSessions : null
}
