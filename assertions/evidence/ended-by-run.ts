import type { RunView } from '#weir/record/view/index.ts'
import { oncePerRun } from './once.ts'
import { SECOND } from './wording.ts'

/** Facts that come on another path may be so much earlier or later. */
const AROUND_NS = SECOND

/** Nodes whose pods the run itself ended, to see what happens then, and when it did. */
export const endedByRun: (run: RunView) => ReadonlyMap<number, number> = oncePerRun((run) => {
  const ended = new Map<number, number>()
  for (const { t, endedPod } of run.of('action')) {
    if (endedPod === undefined) continue
    const node = run.nodes.findLastIndex(
      ({ pod, firstSeenT }) => pod === endedPod && firstSeenT < t - AROUND_NS,
    )
    if (node >= 0) ended.set(node, Math.min(t, run.nodes[node]!.deletingT ?? t))
  }
  return ended
})

/** How long EMQX may go on to tell of a node that is gone, as of a member that does not answer. */
const TELLS_ON_NS = 15 * SECOND

/** The names of those nodes in EMQX, each until when what is told of it is of the node that was ended. A pod may come again by the same name. */
export function namesEndedByRun(run: RunView): ReadonlyMap<string, number> {
  return new Map(
    [...endedByRun(run)].map(([node, t]) => {
      const again = run.nodes.find(
        ({ name, firstSeenT }, i) => i !== node && name === run.nodes[node]!.name && firstSeenT > t,
      )
      return [run.nodes[node]!.name, Math.min(again?.firstSeenT ?? Number.POSITIVE_INFINITY, t + TELLS_ON_NS)]
    }),
  )
}

/** The connections that ended with those pods: rows of `run.connections`. */
export function rowsEndedByRun(run: RunView): ReadonlySet<number> {
  const ended = endedByRun(run)
  const rows = new Set<number>()
  for (const { connection, node, t, length } of [run.evictions, run.lossesBeforeTrigger])
    for (let i = 0; i < length; i++) {
      const endedT = ended.get(node[i]!)
      if (endedT !== undefined && t[i]! >= endedT - AROUND_NS) rows.add(connection[i]!)
    }
  return rows
}
