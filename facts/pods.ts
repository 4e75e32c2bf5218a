/** Those of some nodes that accept clients: the replicants if there are any. */
export function serving<Node extends { role?: 'core' | 'replicant' }>(
  nodes: readonly Node[],
): readonly Node[] {
  const replicants = nodes.filter(({ role }) => role === 'replicant')
  return replicants.length > 0 ? replicants : nodes
}

/** The number at the end of a pod's name; -1 when there is none. */
export function ordinalOf(pod: string): number {
  const found = /-(\d+)$/.exec(pod)
  return found === null ? -1 : Number(found[1])
}
