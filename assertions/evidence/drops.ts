import type { Evictions, RunView } from '#weir/record/view/index.ts'
import { tightestBurst } from '../statistics/index.ts'
import { crashBehind, crashesOf } from './crashes.ts'
import { deletionLagNs } from './handover.ts'
import { oncePerRun } from './once.ts'
import { openAt } from './tracks.ts'
import { SECOND } from './wording.ts'

/** Clients that a node lost together: rows of `run.connections`, and when the first and the last of them ended. */
export interface Loss {
  node: number
  rows: readonly number[]
  fromT: number
  toT: number
}

/** Connections of a node that ended at once instead of at the configured rate. */
export interface Drop extends Loss {
  /** Its pod was deleted with clients on it; its container ended by itself; or it evicted them in one go. */
  how: 'deleted' | 'crashed' | 'evicted'
  /** What the node held just before. */
  held: number
}

/**
 * Between the request to delete a pod and its end, the pod may drop its clients at any time. One second more on either
 * side, because clients and Kubernetes are observed on different paths.
 */
const AROUND_NS = SECOND
/** The burst that eviction-envelope allows: two ticks. */
const TICKS = 2
/** The least part of its clients, of now and of when the change was made, that a node that keeps its pod must lose at once to have dropped them. */
const MOST_OF_THEM = 0.5

/** What each node lost around the deletion of its pod, however little. */
export const lossesByDeletion = (run: RunView): Loss[] =>
  run.nodes.flatMap(({ deletingT, deletedT = run.moments.end }, node) => {
    if (deletingT === undefined) return []
    const isAround = (t: number) => t >= deletingT - AROUND_NS && t <= deletedT + AROUND_NS
    return lossOf(node, [run.evictions], (one, i) => one.node[i] === node && isAround(one.t[i]!))
  })

/** True when the configured rate explains so many ends in that time. */
export const keepsRate = (run: RunView, { rows, fromT, toT }: Loss): boolean =>
  rows.length <= run.parameters.connEvictRate * ((toT - fromT) / SECOND + TICKS)

/** Every drop of the run, in order of time. A node that is both deleted and at fault otherwise counts as deleted. */
export const dropsOf: (run: RunView) => readonly Drop[] = oncePerRun((run) => {
  const deleted = lossesByDeletion(run).filter((loss) => !keepsRate(run, loss) || outlivesDeletion(run, loss))
  const crashed = crashesOf(run).flatMap((crash) =>
    lossOf(
      crash.node,
      [run.lossesBeforeTrigger, run.evictions],
      (one, i) => crashBehind(run, one.node[i]!, one.t[i]!) === crash,
    ),
  )
  const known = new Set([...deleted, ...crashed].map(({ node }) => node))
  const named = (losses: Loss[], how: Drop['how']): Drop[] =>
    losses.map((loss) => ({ ...loss, how, held: heldBefore(run, loss) }))
  return [
    ...named(deleted, 'deleted'),
    ...named(crashed, 'crashed'),
    ...named(evictedAtOnce(run, known), 'evicted').filter(
      ({ node, rows, held }) => rows.length >= MOST_OF_THEM * Math.max(held, heldAtChange(run, node)),
    ),
  ].sort((a, b) => a.fromT - b.fromT)
})

/** True when a client was connected when the pod was deleted: whatever the rate, its node was not to be deleted yet. */
const outlivesDeletion = (run: RunView, { node, rows }: Loss) =>
  rows.some((row) => run.connections.to[row]! > run.nodes[node]!.deletingT! - deletionLagNs(run))

const heldBefore = (run: RunView, { node, fromT }: Loss) => openAt(run, node, fromT - 1)

const heldAtChange = (run: RunView, node: number) => openAt(run, node, run.moments.trigger ?? 0)

/** The tightest burst of each other node, where two ticks do not explain it. */
function evictedAtOnce(run: RunView, known: ReadonlySet<number>): Loss[] {
  const { evictions } = run
  const rate = run.parameters.connEvictRate
  return run.nodes.flatMap((_, node) => {
    if (known.has(node)) return []
    const { fromT, toT } = tightestBurst(
      evictions.t.filter((_, i) => evictions.node[i] === node),
      rate,
    )
    const losses = lossOf(
      node,
      [evictions],
      (one, i) => one.node[i] === node && one.t[i]! >= fromT && one.t[i]! <= toT,
    )
    return toT - fromT <= TICKS * SECOND ? losses.filter((loss) => !keepsRate(run, loss)) : []
  })
}

/** The ends that `isOf` accepts, as one loss; none without any. */
function lossOf(
  node: number,
  ends: readonly Evictions[],
  isOf: (one: Evictions, i: number) => boolean,
): Loss[] {
  const rows: number[] = []
  let [fromT, toT] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const one of ends)
    for (let i = 0; i < one.length; i++) {
      if (!isOf(one, i)) continue
      rows.push(one.connection[i]!)
      fromT = Math.min(fromT, one.t[i]!)
      toT = Math.max(toT, one.t[i]!)
    }
  return rows.length > 0 ? [{ node, rows, fromT, toT }] : []
}
