import { lostPods, type RunView } from '#weir/record/view/index.ts'
import { evictionsByNode } from './evictions-by-node.ts'

/** The lowest count that the configured rate permits a node while it evacuates: a line from its start down to zero. */
export interface PermittedSlope {
  node: number
  fromT: number
  toT: number
  /** Connections permitted at `fromT`. */
  fromCount: number
  /** The same at `toT`: none, or what was permitted when a fleet pod was lost. */
  toCount: number
}

/**
 * One line an evacuation, from the connections that the node's clients held when it may first have begun. `burst` is
 * what the envelope allows beyond the rate: a conforming node is never below its line. There is none from the loss of a fleet pod on.
 */
export function permittedSlopes(run: RunView, burst: number): PermittedSlope[] {
  if (!run.hasParameters || run.parameters.connEvictRate <= 0) return []
  const rate = run.parameters.connEvictRate
  const lossT = lostPods(run.record)[0]?.sinceT ?? Number.POSITIVE_INFINITY
  return startsOf(run).flatMap(({ node, fromT }) => {
    if (fromT >= lossT) return []
    const fromCount = Math.max(0, heldAt(run, node, fromT) - burst)
    const emptyT = fromT + (fromCount / rate) * 1e9
    const toT = Math.min(emptyT, lossT)
    return [{ node, fromT, toT, fromCount, toCount: ((emptyT - toT) / 1e9) * rate }]
  })
}

/** When each node began to evict; for an old node without a recorded evacuation, when it lost its first client. */
function startsOf(run: RunView): { node: number; fromT: number }[] {
  const seen = run.evacuations.flatMap(({ node, states }) => {
    const evicting = states.find(({ state }) => state !== 'waiting_health_check')
    return evicting ? [{ node, fromT: Math.max(evicting.notBeforeT, 0) }] : []
  })
  const unseen = evictionsByNode(run)
    .filter(({ node }) => run.nodes[node]?.side === 'old' && !seen.some((start) => start.node === node))
    .map(({ node, times }) => ({ node, fromT: times[0]! - 1 }))
  return [...seen, ...unseen]
}

function heldAt(run: RunView, node: number, t: number): number {
  const { connections } = run
  let held = 0
  for (let row = 0; row < connections.length; row++)
    if (connections.node[row] === node && connections.from[row]! <= t && connections.to[row]! > t) held++
  return held
}
