import type { RunView } from '#weir/record/view/index.ts'
import { atTrigger, shortName } from '../evidence/wording.ts'

/**
 * A pod lives on from the moment its deletion is asked for until it is gone, and lets go of its clients at any time
 * between. One second more on either side, because clients and Kubernetes are seen on different paths.
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

/** Tells how the worst node was deleted with its clients on it, or nothing when none was. */
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
  // A drop whose node no listing tells may be one of theirs.
  const atLeast = run.evictions.node.subarray(0, run.evictions.length).includes(-1) ? 'at least ' : ''
  // A set that merely shrinks is not evacuated, whatever its resource says of updates.
  const isUpdate = run.nodes.some(({ side }) => side === 'new')
  const why =
    run.parameters.dialect.evacuates && isUpdate
      ? 'when its pod was deleted before its evacuation had moved them'
      : 'when its pod was deleted with them on it'
  return (
    `connEvictRate ${rate} was not kept: node ${shortName(run, worst.node)} dropped ${worst.connections} connections ` +
    `within ${Math.max(tookSeconds, 0.1).toFixed(1)} s ${atTrigger(run, worst.fromT)}, ${why}` +
    `${others > 0 ? `; ${others} more ${others === 1 ? 'node' : 'nodes'} went the same way, ${atLeast}${total} connections in all` : ''}.`
  )
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
