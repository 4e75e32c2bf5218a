import type { Blocker } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { supersededSets } from './new-set.ts'

/**
 * What held the rollout up at `t`: a pod that Kubernetes could not start, or a write that the API server refused; undefined when
 * nothing is known to.
 */
export function blockerOf(run: RunView, t: number): Blocker | undefined {
  const last = new Map(run.of('pod').flatMap((event) => (event.t <= t ? [[event.uid, event] as const] : [])))
  // A set that a corrected change took the place of holds nothing up.
  const superseded = supersededSets(run)
  const stuck = [...last.values()].find(
    ({ blocked, deleted, set }) => blocked !== undefined && !deleted && !superseded.has(set),
  )
  if (stuck?.blocked !== undefined) return { kind: 'pod', name: stuck.name, why: stuck.blocked }
  // What is still refused is not needed by a resource that has all it asks for.
  if (run.of('cr').findLast((event) => event.t <= t)?.settled) return undefined
  const refusals = new Map(
    run
      .of('refusal')
      .flatMap((event) => (event.t <= t ? [[`${event.kind} ${event.name}`, event] as const] : [])),
  )
  for (const { kind, name, why } of refusals.values()) if (why !== undefined) return { kind, name, why }
  return undefined
}
