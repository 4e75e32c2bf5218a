import type { Recording } from './recording.ts'

/** When a node was evacuated, according to its polls. Unix milliseconds. */
export interface NodeDrain {
  node: string
  /** The last poll before. */
  notBeforeMs: number
  fromMs: number
  toMs: number
  states: { state: string; notBeforeMs: number; seenMs: number }[]
}

/** The evacuated nodes in order. Without data of the API: the node that lost the most clients. */
export function drainsOf(recording: Recording): NodeDrain[] {
  const drains = new Map<string, NodeDrain>()
  const lastLookMs = new Map<string, number>()
  for (const row of recording.nodes) {
    const beforeMs = lastLookMs.get(row.node) ?? row.tMs
    lastLookMs.set(row.node, row.tMs)
    if (row.state === undefined || row.state === '') continue
    const drain = drains.get(row.node)
    const seen = { state: row.state, notBeforeMs: beforeMs, seenMs: row.tMs }
    if (drain === undefined)
      drains.set(row.node, {
        node: row.node,
        notBeforeMs: beforeMs,
        fromMs: row.tMs,
        toMs: row.tMs,
        states: [seen],
      })
    else {
      drain.toMs = row.tMs
      if (drain.states.at(-1)!.state !== row.state) drain.states.push(seen)
    }
  }
  if (drains.size === 0) return byLosses(recording)
  return [...drains.values()].sort((a, b) => a.fromMs - b.fromMs)
}

function byLosses(recording: Recording): NodeDrain[] {
  const losses = new Map<string, number[]>()
  for (const row of recording.clients) {
    if (row.event !== 'disconnect' || row.rc < 0x80) continue
    const times = losses.get(row.node)
    if (times === undefined) losses.set(row.node, [row.tMs])
    else times.push(row.tMs)
  }
  return [...losses]
    .map(([node, t]) => ({ node, notBeforeMs: t[0]! - 1, fromMs: t[0]! - 1, toMs: t.at(-1)!, states: [] }))
    .sort((a, b) => a.fromMs - b.fromMs)
}
