import { knownUntil, type LostPod, lostPods, type RunView } from '#weir/record/view/index.ts'
import { bucketOf, type TimeAxis } from './axis.ts'

export interface ConnectionSeries {
  /** For each node of the run, the connections that its clients held at the end of each bucket. */
  perNode: number[][]
  /** Connections with an unknown node; undefined when there are none. */
  unknown: number[] | undefined
  /** All of them. */
  total: number[]
  /** Clients of lost fleet pods: how many are unknown; undefined where no pod was lost. */
  lost: number[] | undefined
}

/** Connections per node as the clients themselves saw them: exact, unlike a scraped gauge. Those of a lost fleet pod count until its loss. */
export function connectionsPerNode(run: RunView, axis: TimeAxis): ConnectionSeries {
  const perNode = run.nodes.map(() => new Int32Array(axis.count))
  const unknown = new Int32Array(axis.count)
  const total = new Int32Array(axis.count)
  const { connections } = run
  const lost = lostPods(run.record)
  const until = knownUntil(lost)
  for (let row = 0; row < connections.length; row++) {
    const knownT = until(connections.client[row]!)
    if (connections.from[row]! >= knownT) continue
    const steps = perNode[connections.node[row]!] ?? unknown
    const opened = bucketOf(axis, connections.from[row]!)
    steps[opened]! += 1
    total[opened]! += 1
    const to = Math.min(connections.to[row]!, knownT)
    if (to > run.moments.end) continue
    const closed = bucketOf(axis, to)
    steps[closed]! -= 1
    total[closed]! -= 1
  }
  const unknownCounts = summed(unknown)
  return {
    perNode: perNode.map(summed),
    unknown: unknownCounts.some((count) => count !== 0) ? unknownCounts : undefined,
    total: summed(total),
    lost: lost.length > 0 ? unknownClients(lost, axis) : undefined,
  }
}

function unknownClients(lost: readonly LostPod[], axis: TimeAxis): number[] {
  const steps = new Int32Array(axis.count)
  for (const { sinceT, clients } of lost) steps[bucketOf(axis, sinceT)]! += clients
  return summed(steps)
}

function summed(steps: Int32Array): number[] {
  let level = 0
  return Array.from(steps, (step) => {
    level += step
    return level
  })
}
