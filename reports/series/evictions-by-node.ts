import type { RunView } from '#weir/record/view/index.ts'

/** Times of each node's evictions, ascending; nodes without any are left out. */
export function evictionsByNode(run: RunView): { node: number; times: number[] }[] {
  const byNode = new Map<number, number[]>()
  const { evictions } = run
  for (let row = 0; row < evictions.length; row++) {
    const node = evictions.node[row]!
    const times = byNode.get(node)
    if (times) times.push(evictions.t[row]!)
    else byNode.set(node, [evictions.t[row]!])
  }
  return [...byNode].map(([node, times]) => ({ node, times })).sort((a, b) => a.node - b.node)
}
