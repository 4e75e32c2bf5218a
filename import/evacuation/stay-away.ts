import type { Silent } from './client-history.ts'
import type { Recording } from './recording.ts'

/**
 * Which clients without further attempts stay away by plan: persistent ones, while the nodes still have a parked session for each,
 * not counting the sessions that were parked there before. More silent clients than such sessions means that some are lost; which
 * ones is unknown, so the last ones count.
 */
export function awayByPlan(silent: readonly Silent[], recording: Recording, beforeMs: number): Silent[] {
  const candidates = silent.filter((one) => one.persistent && !one.tried)
  const parked = parkedAt(recording, beforeMs)
  if (parked === undefined) return [...candidates]
  // Sessions that were there before anybody left wait for somebody else.
  const own = Math.max(0, parked - (parkedAt(recording, recording.nodes[0]?.tMs ?? 0) ?? 0))
  return candidates.slice(0, own)
}

/** Sessions without a client on all nodes, in the last round of polls until then: channels minus live connections. */
function parkedAt(recording: Recording, beforeMs: number): number | undefined {
  const last = new Map<string, number | undefined>()
  for (const row of recording.nodes) {
    if (row.tMs > beforeMs) break
    const channels = row.apiConnections ?? row.connections
    const live = row.apiConnections === undefined ? row.live : row.apiLive
    // A failed poll is ignored; the one before it still counts.
    if (channels !== undefined) last.set(row.node, live === undefined ? undefined : channels - live)
  }
  const parked = [...last.values()]
  if (parked.length === 0 || parked.includes(undefined)) return undefined
  return parked.reduce<number>((sum, one) => sum + Math.max(0, one ?? 0), 0)
}
