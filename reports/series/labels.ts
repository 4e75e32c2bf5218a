import type { NodeView, RunView } from '#weir/record/view/index.ts'

/**
 * Short names for charts: "old-2" and "new-0", as the blue-green page counts its nodes, and "old-jhtq2" for a pod of a
 * ReplicaSet; the pod's own name when two nodes would share one.
 */
export function nodeLabels(run: RunView): string[] {
  const short = run.nodes.map(shortLabel)
  return short.map((label, index) =>
    short.indexOf(label) === short.lastIndexOf(label) ? label : run.nodes[index]!.pod,
  )
}

function shortLabel(node: NodeView): string {
  if (node.ordinal >= 0) return `${node.side}-${node.ordinal}`
  return node.set && node.pod.startsWith(`${node.set}-`)
    ? `${node.side}-${node.pod.slice(node.set.length + 1)}`
    : node.pod
}

/** The node that ran in this pod at `t`: a pod made again under its old name holds another node. */
export function nodeOfPodAt(run: RunView, pod: string, t: number): number | undefined {
  let found: number | undefined
  run.nodes.forEach((node, index) => {
    if (node.pod === pod && (found === undefined || node.firstSeenT <= t)) found = index
  })
  return found
}
