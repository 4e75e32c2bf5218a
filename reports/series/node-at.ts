import type { RunView } from '#weir/record/view/index.ts'

/** The node that ran in this pod at `t`: a pod made again under its old name holds another node. */
export function nodeOfPodAt(run: RunView, pod: string, t: number): number | undefined {
  let found: number | undefined
  run.nodes.forEach((node, index) => {
    if (node.pod === pod && (found === undefined || node.firstSeenT <= t)) found = index
  })
  return found
}
