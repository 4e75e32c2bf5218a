import type { Silent } from './client-history.ts'
import type { Recording } from './recording.ts'

/** Gauges of one round may be this far off. */
const NOISE = 5

/**
 * Who of the clients that never tried again stays away by plan: persistent ones, as long as the nodes still show a
 * session without a client for each of them. More silent clients than parked sessions means that some are lost, for a
 * client that is meant to come back leaves no session behind for ever; which ones is unknown, so the last count.
 */
export function awayByPlan(silent: readonly Silent[], recording: Recording, beforeMs: number): Silent[] {
  const candidates = silent.filter((one) => one.persistent && !one.tried)
  const parked = parkedAtEnd(recording, beforeMs)
  if (parked === undefined || candidates.length <= parked + NOISE) return [...candidates]
  return candidates.slice(0, Math.max(0, Math.round(parked)))
}

/** Sessions without a client on all nodes, in the last round of looks: channels minus live connections. */
function parkedAtEnd(recording: Recording, beforeMs: number): number | undefined {
  const last = new Map<string, number | undefined>()
  for (const row of recording.nodes) {
    if (row.tMs > beforeMs) break
    const channels = row.apiConnections ?? row.connections
    const live = row.apiConnections === undefined ? row.live : row.apiLive
    // A look that failed says nothing; the one before it still stands.
    if (channels !== undefined) last.set(row.node, live === undefined ? undefined : channels - live)
  }
  const parked = [...last.values()]
  if (parked.length === 0 || parked.includes(undefined)) return undefined
  return parked.reduce<number>((sum, one) => sum + Math.max(0, one ?? 0), 0)
}
