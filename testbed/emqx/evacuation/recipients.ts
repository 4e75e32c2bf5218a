import type { NodeCore } from '../node-core.ts'

/** Where an evacuating node's sessions may go now. Computed at each request: a candidate that evacuates or has stopped is left out. */
export function recipients(node: NodeCore): NodeCore[] {
  const wanted =
    node.evacuation.options?.migrateTo ?? [...node.group.members.keys()].filter((name) => name !== node.name)
  const available: NodeCore[] = []
  for (const name of wanted) {
    const candidate = node.group.available(name)
    if (candidate !== undefined && candidate !== node) available.push(candidate)
  }
  return available
}
