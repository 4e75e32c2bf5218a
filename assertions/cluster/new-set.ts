import type { EndpointsEvent } from '#weir/record/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** Pod names of the new set, sorted. Empty when the run made none. */
export function newPods(run: RunView): string[] {
  const pods = run.nodes.filter((node) => node.side === 'new').map((node) => node.pod)
  return [...new Set(pods)].sort()
}

/** Pod names of the old set. */
export function oldPods(run: RunView): Set<string> {
  return new Set(run.nodes.filter((node) => node.side === 'old').map((node) => node.pod))
}

/** The membership that stood at `t`: that of the last change until then. */
export function endpointsAt(run: RunView, t: number): EndpointsEvent | undefined {
  return run.of('endpoints').findLast((event) => event.t <= t)
}

/** When the Service first pointed at every pod of the new set (others may still have been in it). */
export function servingT(run: RunView): number | undefined {
  const pods = newPods(run)
  if (pods.length === 0) return undefined
  return run.of('endpoints').find((event) => pods.every((pod) => event.ready.includes(pod)))?.t
}

/** True when the Service pointed at exactly the new set. */
export function isNewSet(run: RunView, event: EndpointsEvent | undefined): boolean {
  const pods = newPods(run)
  return event !== undefined && pods.length > 0 && event.ready.join() === pods.join()
}
