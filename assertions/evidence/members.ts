import type { NodeView, RunView } from '#weir/record/view/index.ts'

/** False for a run that was interrupted or killed: the cluster may have been as asked a moment later. */
export function hadItsTime({ record }: RunView): boolean {
  const how = record.manifest.end?.how
  return how === 'completed' || how === 'failed'
}

/** The nodes whose pods exist at `t` and are not being deleted. */
export const nodesAt = (run: RunView, t: number): NodeView[] =>
  run.nodes.filter(({ firstSeenT, deletingT, deletedT }) => {
    const goneT = Math.min(deletingT ?? Number.POSITIVE_INFINITY, deletedT ?? Number.POSITIVE_INFINITY)
    return firstSeenT <= t && goneT > t
  })

/** False for a Service that never led anywhere: it may be none of the operator's. */
export const everServed = (run: RunView): boolean => run.of('endpoints').some(({ ready }) => ready.length > 0)

/** The ready members of the Service at `t`; undefined while none were recorded. */
export const endpointsAt = (run: RunView, t: number): readonly string[] | undefined =>
  run.of('endpoints').findLast((event) => event.t <= t)?.ready

/** When the pod came into the Service for good, as it stands at `untilT`; undefined when it is not in it then. */
export function inServiceSince(run: RunView, pod: string, untilT: number): number | undefined {
  let since: number | undefined
  for (const { t, ready } of run.of('endpoints')) {
    if (t > untilT) break
    since = ready.includes(pod) ? (since ?? t) : undefined
  }
  return since
}
