import type { RunView } from '#weir/record/view/index.ts'
import { atTrigger, shortName } from '../wording.ts'

/** One second either side of the deletion: in recordings all connections of a deleted pod end within 0.4 s. */
const AROUND_NS = 1e9

interface Loss {
  node: number
  clients: number
  fromT: number
  toT: number
}

/** Tells how the worst node was deleted with its clients on it, or nothing when none was. */
export function undrainedSentence(run: RunView): string | undefined {
  const losses = run.nodes.flatMap((node, index) => {
    const loss = node.deletingT === undefined ? undefined : lossAround(run, index, node.deletingT)
    return loss ? [loss] : []
  })
  const worst = losses.reduce<Loss | undefined>((a, b) => (a && a.clients >= b.clients ? a : b), undefined)
  if (!worst || worst.clients <= run.parameters.connEvictRate) return undefined
  const rate = run.parameters.connEvictRate
  const within = Math.max((worst.toT - worst.fromT) / 1e9, 0.1).toFixed(1)
  const others = losses.length - 1
  const total = losses.reduce((sum, loss) => sum + loss.clients, 0)
  return (
    `connEvictRate ${rate} was not kept: node ${shortName(run, worst.node)} lost ${worst.clients} clients within ${within} s ` +
    `${atTrigger(run, worst.fromT)}, when its pod was deleted before its evacuation had moved them` +
    `${others > 0 ? `; ${others} more ${others === 1 ? 'node' : 'nodes'} went the same way, ${total} clients in all` : ''}.`
  )
}

function lossAround(run: RunView, node: number, deletingT: number): Loss | undefined {
  const { evictions } = run
  let clients = 0
  let fromT = Number.POSITIVE_INFINITY
  let toT = Number.NEGATIVE_INFINITY
  for (let i = 0; i < evictions.length; i++) {
    const t = evictions.t[i] ?? 0
    if (evictions.node[i] !== node || Math.abs(t - deletingT) > AROUND_NS) continue
    clients++
    fromT = Math.min(fromT, t)
    toT = Math.max(toT, t)
  }
  return clients > 0 ? { node, clients, fromT, toT } : undefined
}
