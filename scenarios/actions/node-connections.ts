import { messageOf } from '#weir/errors/index.ts'
import { isWithinThresholds } from '#weir/facts/index.ts'
import type { LivePod } from '../run/live-cluster.ts'
import type { Run } from '../run/run.ts'

export type NodeConnections = readonly { node: string; connections: number | undefined }[]

/** Live connections of each node that accepts clients; undefined where EMQX does not count them. */
export async function connectionsOf(
  run: Run,
  pods: readonly (LivePod & { ip: string })[],
): Promise<NodeConnections> {
  for (const pod of pods)
    try {
      const nodes = await run.cluster.emqx(pod).nodes()
      return pods.map(({ name, node }) => ({
        node: name,
        connections: nodes.find((one) => one.node === node)?.liveConnections,
      }))
    } catch (error) {
      run.state.polled(messageOf(error))
    }
  return pods.map(({ name }) => ({ node: name, connections: undefined }))
}

/** e.g. "emqx-0=120 emqx-1=80" */
export const connectionsText = (all: NodeConnections): string =>
  all.map(({ node, connections }) => `${node}=${connections ?? '?'}`).join(' ')

/** As EMQX decides it, of the connections alone. */
export function isBalanced(
  all: NodeConnections,
  thresholds: { absConnThreshold: number; relConnThreshold: number },
): boolean {
  const counts = all.flatMap(({ connections }) => connections ?? [])
  if (counts.length < all.length) return false
  const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length
  const average = mean(counts)
  const donors = counts.filter((one) => one >= average)
  const recipients = counts.filter((one) => one < average)
  return recipients.length === 0 || isWithinThresholds(mean(donors), mean(recipients), thresholds)
}
