import { hostOf } from './client-history.ts'
import type { Recording } from './recording.ts'

/** When a node was evacuated, according to its polls. Unix milliseconds. */
export interface NodeDrain {
  node: string
  /** The last poll before. */
  notBeforeMs: number
  fromMs: number
  toMs: number
  states: { state: string; notBeforeMs: number; seenMs: number }[]
  process: 'evacuation' | 'rebalance'
}

/**
 * The evacuated nodes in order: those that EMQX's API shows, else those that lost their clients, else those whose gauges fell to nothing.
 * Where `nodes` names them, these and no others.
 */
export function drainsOf(recording: Recording, nodes?: readonly string[]): NodeDrain[] {
  const isNamed = (node: string) =>
    nodes?.some((name) => name === node || hostOf(name) === hostOf(node)) ?? true
  const shown = byStates(recording).filter(({ node }) => isNamed(node))
  if (shown.length > 0) return shown
  const lost = byLosses(recording, nodes ? isNamed : undefined)
  return lost.length > 0 ? lost : byGauges(recording, nodes ? isNamed : undefined)
}

function byStates(recording: Recording): NodeDrain[] {
  const drains = new Map<string, NodeDrain>()
  const lastLookMs = new Map<string, number>()
  for (const row of recording.nodes) {
    if (row.state === undefined) continue
    const beforeMs = lastLookMs.get(row.node) ?? row.tMs
    lastLookMs.set(row.node, row.tMs)
    if (row.state === '') continue
    const drain = drains.get(row.node)
    const seen = { state: row.state, notBeforeMs: beforeMs, seenMs: row.tMs }
    if (drain === undefined)
      drains.set(row.node, {
        node: row.node,
        notBeforeMs: beforeMs,
        fromMs: row.tMs,
        toMs: row.tMs,
        states: [seen],
        process: row.process,
      })
    else {
      drain.toMs = row.tMs
      if (drain.states.at(-1)!.state !== row.state) drain.states.push(seen)
    }
  }
  return [...drains.values()].sort((a, b) => a.fromMs - b.fromMs)
}

/** A node whose clients went elsewhere: hardly any of those that it lost came back to it. */
const STAYED_AWAY = 0.9

/**
 * Nodes that lost most of the clients that they had, to other nodes, however the connections ended: EMQX tells clients of MQTT 5
 * to use another server, and just closes those of 3.1.1. `isNamed`: nodes that are known to have been drained.
 */
function byLosses(recording: Recording, isNamed?: (node: string) => boolean): NodeDrain[] {
  const open = new Map<string, string>()
  const last = new Map<string, string>()
  const losses = new Map<string, { times: number[]; away: number }>()
  const lossesOf = (node: string) => {
    const known = losses.get(node) ?? { times: [], away: 0 }
    losses.set(node, known)
    return known
  }
  for (const row of recording.clients) {
    if (row.event === 'connack' && row.rc === 0) {
      const from = last.get(row.client)
      if (from !== undefined && from !== row.node) lossesOf(from).away++
      last.delete(row.client)
      open.set(row.client, row.node)
    } else if ((row.event === 'disconnect' || row.event === 'close') && open.has(row.client)) {
      const node = open.get(row.client)!
      open.delete(row.client)
      last.set(row.client, node)
      lossesOf(node).times.push(row.tMs)
    }
  }
  // Clients that the recorder closed at the end came back to no node.
  const closed = Map.groupBy(last.values(), (node) => node)
  return [...losses]
    .filter(([node, { times, away }]) => {
      const returned = times.length - (closed.get(node)?.length ?? 0)
      return isNamed ? isNamed(node) : away > 0 && away >= STAYED_AWAY * returned
    })
    .map(([node, { times }]) => drainOf(node, times[0]! - 1, times.at(-1)!))
    .sort((a, b) => a.fromMs - b.fromMs)
}

/** Nodes whose gauges fell to nothing: of a recording without clients. */
function byGauges(recording: Recording, isNamed?: (node: string) => boolean): NodeDrain[] {
  const rows = Map.groupBy(recording.nodes, ({ node }) => node)
  return [...rows]
    .flatMap(([node, polls]) => {
      const counts = polls.flatMap(({ tMs, live, connections }) => {
        const value = live ?? connections
        return value === undefined ? [] : [{ tMs, value }]
      })
      const most = counts.reduce((top, { value }) => Math.max(top, value), 0)
      const end = counts.findLastIndex(({ value }) => value > 0.02 * most)
      const begin = counts.findLastIndex(({ value }) => value >= 0.98 * most)
      const isEmptied = most > 0 && end >= 0 && end < counts.length - 1
      if (!(isNamed ? isNamed(node) : isEmptied) || begin < 0) return []
      return [drainOf(node, counts[begin]!.tMs, counts[Math.min(end + 1, counts.length - 1)]!.tMs)]
    })
    .sort((a, b) => a.fromMs - b.fromMs)
}

const drainOf = (node: string, fromMs: number, toMs: number): NodeDrain => ({
  node,
  notBeforeMs: fromMs,
  fromMs,
  toMs,
  states: [],
  process: 'evacuation',
})
