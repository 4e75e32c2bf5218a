import type { RunView } from '#weir/record/view/index.ts'
import { evictedRows } from './crashes.ts'

/** Share of evictions with an unknown node. */
export function unknownEvictions(run: RunView): number {
  const { node, length } = run.evictions
  if (length === 0) return 0
  return node.reduce((sum, one) => sum + (one < 0 ? 1 : 0), 0) / length
}

const UNKNOWN_NODE = -1

/** Times of evictions by each node that evicted, in order of time. A node that crashed evicted nobody. */
export function evictionTimesByNode(run: RunView): Map<number, Float64Array> {
  const { node, t } = run.evictions
  const byNode = Map.groupBy(evictedRows(run), (i) => node[i]!)
  byNode.delete(UNKNOWN_NODE)
  return new Map([...byNode].map(([one, rows]) => [one, Float64Array.from(rows, (i) => t[i]!)]))
}
