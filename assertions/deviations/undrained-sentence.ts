import type { RunView } from '#weir/record/view/index.ts'
import { moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'

/**
 * Between the request to delete a pod and its end, the pod may drop its clients at any time. One second more on either
 * side, because clients and Kubernetes are observed on different paths.
 */
const AROUND_NS = 1e9
/** The burst that eviction-envelope allows: two ticks. */
const TICKS = 2

interface Loss {
  node: number
  connections: number
  fromT: number
  toT: number
}

/** How the worst node was deleted with its clients on it; undefined when none was. */
export function undrainedSentence(run: RunView): string | undefined {
  const losses = run.nodes.flatMap((node, index) => {
    if (node.deletingT === undefined) return []
    const loss = lossBetween(run, index, node.deletingT, node.deletedT ?? run.moments.end)
    return loss ? [loss] : []
  })
  const worst = losses.reduce<Loss | undefined>(
    (a, b) => (a && a.connections >= b.connections ? a : b),
    undefined,
  )
  if (!worst) return undefined
  const rate = run.parameters.connEvictRate
  const tookSeconds = (worst.toT - worst.fromT) / 1e9
  if (worst.connections <= rate * (tookSeconds + TICKS)) return undefined
  const others = losses.length - 1
  const total = losses.reduce((sum, loss) => sum + loss.connections, 0)

  const isLeast = run.evictions.node.subarray(0, run.evictions.length).includes(-1)
  // A set that only shrinks is not evacuated.
  const isUpdate = run.nodes.some(({ side }) => side === 'new')
  return MESSAGES.verdict.undrained({
    rate,
    node: shortName(run, worst.node),
    connections: worst.connections,
    tookSeconds: Math.max(tookSeconds, 0.1),
    at: moment(run, worst.fromT),
    disruption: run.nodes[worst.node]?.disruption,
    isEvacuated: run.parameters.dialect.evacuates && isUpdate,
    others,
    isLeast,
    total,
  })
}

function lossBetween(run: RunView, node: number, deletingT: number, deletedT: number): Loss | undefined {
  const { evictions } = run
  let connections = 0
  let fromT = Number.POSITIVE_INFINITY
  let toT = Number.NEGATIVE_INFINITY
  for (let i = 0; i < evictions.length; i++) {
    const t = evictions.t[i] ?? 0
    if (evictions.node[i] !== node || t < deletingT - AROUND_NS || t > deletedT + AROUND_NS) continue
    connections++
    fromT = Math.min(fromT, t)
    toT = Math.max(toT, t)
  }
  return connections > 0 ? { node, connections, fromT, toT } : undefined
}
