import type { EndpointsEvent } from '#weir/facts/index.ts'
import type { NodeView, RunView } from '#weir/record/view/index.ts'
import { oncePerRun } from './once.ts'

/**
 * Indices of one side's nodes that the Service leads clients to: the replicants where there are any, else all. Of several new sets, which
 * a second change makes, those of the newest that became ready.
 */
export function servingNodes(run: RunView, side: NodeView['side']): number[] {
  const superseded = side === 'new' ? supersededSets(run) : new Set<string>()
  const all = run.nodes.flatMap((node, index) =>
    node.side === side && !superseded.has(node.set) ? [index] : [],
  )
  const replicants = all.filter((index) => run.nodes[index]?.role === 'replicant')
  return replicants.length > 0 ? replicants : all
}

/** New sets that a later one of the same kind of node took the place of. */
export const supersededSets = oncePerRun((run) => findSuperseded(run))

/** Nodes that must be gone at the end: of the old sets, and of new ones that another took the place of. */
export const mustGo = (run: RunView, { side, set }: NodeView): boolean =>
  side === 'old' || supersededSets(run).has(set)

/** By `byT`: of what came later nothing was known then. */
function findSuperseded(run: RunView, byT = Number.POSITIVE_INFINITY): ReadonlySet<string> {
  const created = new Map(run.of('set').map(({ name, createdUnixMs }) => [name, createdUnixMs]))
  const ready = new Set(run.of('pod').flatMap((pod) => (pod.ready && pod.t <= byT ? [pod.set] : [])))
  const superseded = new Set<string>()
  const byRole = Map.groupBy(
    run.nodes.filter(({ side, firstSeenT }) => side === 'new' && firstSeenT <= byT),
    ({ role }) => role,
  )
  for (const nodes of byRole.values()) {
    const sets = [...new Set(nodes.map(({ set }) => set))]
    sets.sort((a, b) => (created.get(b) ?? 0) - (created.get(a) ?? 0))
    const target = sets.find((set) => ready.has(set)) ?? sets[0]
    for (const set of sets) if (set !== target) superseded.add(set)
  }
  return superseded
}

/** How many of them one generation has. */
export const servingCount = ({ parameters }: RunView) => parameters.servingNodes ?? parameters.nodes

/** Pod names of the new set as far as it serves, sorted; of two sets the one that takes clients. Empty when the run made none. */
export function newPods(run: RunView): string[] {
  return podsOf(run, servingNodes(run, 'new'))
}

/** The same of the set that was the new one at `t`, before a second change made another. */
export function newPodsAt(run: RunView, t: number): string[] {
  const superseded = findSuperseded(run, t)
  const all = run.nodes.flatMap(({ side, firstSeenT, set }, index) =>
    side === 'new' && firstSeenT <= t && !superseded.has(set) ? [index] : [],
  )
  const replicants = all.filter((index) => run.nodes[index]?.role === 'replicant')
  return podsOf(run, replicants.length > 0 ? replicants : all)
}

const podsOf = (run: RunView, nodes: readonly number[]): string[] =>
  [...new Set(nodes.flatMap((index) => run.nodes[index]?.pod ?? []))].sort()

/** Pod names of the old set. */
export function oldPods(run: RunView): Set<string> {
  return new Set(run.nodes.filter((node) => node.side === 'old').map((node) => node.pod))
}

/** The membership that stood at `t`: that of the last change until then. */
export function endpointsAt(run: RunView, t: number): EndpointsEvent | undefined {
  return run.of('endpoints').findLast((event) => event.t <= t)
}

/** When the Service first pointed at every serving pod of the new set (others may still have been in it). */
export function servingT(run: RunView, pods = newPods(run)): number | undefined {
  if (pods.length === 0) return undefined
  return run.of('endpoints').find((event) => pods.every((pod) => event.ready.includes(pod)))?.t
}

/** True when the Service pointed at exactly the new set, as far as that serves. */
export function isNewSet(run: RunView, event: EndpointsEvent | undefined, pods = newPods(run)): boolean {
  return event !== undefined && pods.length > 0 && event.ready.join() === pods.join()
}
