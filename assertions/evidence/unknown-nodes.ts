import type { RunView } from '#weir/record/view/index.ts'

/** Share of evictions with an unknown node. */
export function unknownEvictions(run: RunView): number {
  const { node, length } = run.evictions
  if (length === 0) return 0
  return node.reduce((sum, one) => sum + (one < 0 ? 1 : 0), 0) / length
}

/** Times of evictions by each node that evicted, in order of time. */
export function evictionTimesByNode(run: RunView): Map<number, Float64Array> {
  const counts = new Map<number, number>()
  for (const node of run.evictions.node) if (node >= 0) counts.set(node, (counts.get(node) ?? 0) + 1)
  const times = new Map([...counts].map(([node, count]) => [node, new Float64Array(count)]))
  const filled = new Map<number, number>()
  for (let i = 0; i < run.evictions.length; i++) {
    const node = run.evictions.node[i]!
    if (node < 0) continue
    const at = filled.get(node) ?? 0
    times.get(node)![at] = run.evictions.t[i]!
    filled.set(node, at + 1)
  }
  return times
}
