import type { RunView } from '#weir/record/view/index.ts'
import { oncePerRun } from './once.ts'
import { SECOND } from './wording.ts'

/** A process that is killed closes its connections within this time. */
const AT_ONCE_NS = SECOND / 2
/** How long EMQX may go on to tell of a node that is gone, as of a member that does not answer. */
const TELLS_ON_NS = 15 * SECOND
/** As `Connections` has them. */
const UNKNOWN_NODE = -1
const BY_SERVER = 1

/** Nodes whose pods the run itself ended, to see what happens then, and when it began to: nothing before that is its doing. */
export const endedByRun: (run: RunView) => ReadonlyMap<number, number> = oncePerRun((run) => {
  const ended = new Map<number, number>()
  const begun = new Map<string, number>()
  for (const { t, id, phase, endedPod } of run.of('action')) {
    if (phase === 'start') begun.set(id, t)
    if (endedPod === undefined) continue
    const fromT = begun.get(id) ?? t
    const node = run.nodes.findLastIndex(({ pod, firstSeenT }) => pod === endedPod && firstSeenT < fromT)
    if (node >= 0) ended.set(node, fromT)
  }
  return ended
})

/** The names of those nodes in EMQX, each until when what is told of it is of the node that was ended. A pod may come again by the same name. */
export function namesEndedByRun(run: RunView): ReadonlyMap<string, number> {
  return new Map(
    [...endedByRun(run)].map(([node, t]) => {
      const { name } = run.nodes[node]!
      const again = run.nodes.find((other) => other.name === name && other.firstSeenT > t)
      return [name, Math.min(again?.firstSeenT ?? Number.POSITIVE_INFINITY, t + TELLS_ON_NS)]
    }),
  )
}

/**
 * The connections that ended with those pods: rows of `run.connections`. Of clients that had come so lately that nobody knows on which node they
 * were, those whose connection ended at that very moment.
 */
export const rowsEndedByRun: (run: RunView) => ReadonlySet<number> = oncePerRun((run) => {
  const ended = endedByRun(run)
  const rows = new Set<number>()
  if (ended.size === 0) return rows
  const isAtOnce = (t: number) => [...ended.values()].some((one) => t >= one && t <= one + AT_ONCE_NS)
  const { node, to, end, length } = run.connections
  for (let row = 0; row < length; row++) {
    if (end[row] !== BY_SERVER) continue
    const t = to[row]!
    const endedT = ended.get(node[row]!)
    if (endedT === undefined ? node[row] === UNKNOWN_NODE && isAtOnce(t) : t >= endedT) rows.add(row)
  }
  return rows
})
