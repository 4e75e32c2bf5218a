import type { RunView } from '#weir/record/view/index.ts'
import { rangeWithin, type StepCount } from '../statistics/index.ts'
import { connectedCounts } from './connected-counts.ts'

const NONE: StepCount = { t: new Float64Array(0), value: new Float64Array(0) }

/** A node that may hold clients, and of which no scrape gave a reading. */
export interface Unscraped {
  node: number
  /** From when on it may hold clients, and when its pod was gone: Infinity while it is there. */
  fromT: number
  deletedT: number
}

/** The nodes that no scrape shows, though clients may be on them: what they hold is unknown, not zero. */
export function unscraped(run: RunView, isScraped: (node: number) => boolean): Unscraped[] {
  return run.nodes.flatMap(({ deletedT = Number.POSITIVE_INFINITY }, node) => {
    if (isScraped(node)) return []
    const fromT = servesFrom(run, node)
    return fromT === Number.POSITIVE_INFINITY ? [] : [{ node, fromT, deletedT }]
  })
}

/**
 * From when on a node may hold clients: it was there before the change, or the Service points at it. Infinity when never, and in a
 * record without pods, which shows only the nodes that were scraped. Beside replicants cores serve nobody but by the Service.
 */
export function servesFrom(run: RunView, node: number): number {
  if (run.of('pod').length === 0) return Number.POSITIVE_INFINITY
  const { side, role, pod, firstSeenT } = run.nodes[node]!
  if (side === 'old' && role !== 'core') return firstSeenT
  const pointsAt = run.of('endpoints').find(({ ready }) => ready.includes(pod))
  return Math.max(firstSeenT, pointsAt?.t ?? Number.POSITIVE_INFINITY)
}

/** Whether a node may have lost at least so many clients: by EMQX's status, else by the clients, else because it was to serve some. */
export function mayHaveDrained(run: RunView, node: number, least: number): boolean {
  const { trigger = 0, end } = run.moments
  // What an earlier change deleted is no part of this one.
  if ((run.nodes[node]!.deletedT ?? end) < trigger) return false
  const evacuations = run.evacuations.filter((one) => one.node === node)
  if (evacuations.length > 0)
    return evacuations.some(({ initialConnected, samples }) =>
      [initialConnected, ...samples.map((one) => one.currentConnected)].some((held) => held >= least),
    )
  if (run.connections.length === 0) return servesFrom(run, node) < Number.POSITIVE_INFINITY
  const { onNode } = connectedCounts(run)
  const mostOn = (of: number) => rangeWithin(onNode.get(of) ?? NONE, trigger, end).most
  // Clients whose node is unknown may have been on this one, if it was to serve any.
  const somewhere = servesFrom(run, node) < Number.POSITIVE_INFINITY ? mostOn(-1) : 0
  return mostOn(node) + somewhere >= least
}
