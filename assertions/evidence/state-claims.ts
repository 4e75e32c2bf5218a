import { ClusterStates } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { SECOND } from './wording.ts'

/** From `fromT` on the resource says that it runs as asked, or that it does not; and what was lacking then, as a clause. */
export interface Stretch {
  fromT: number
  claims: boolean
  lacking: string | undefined
  /** It says something else than is true, and it is its own fault. */
  isEarly: boolean
}

/** When the resource was changed, as the watch tells: an evacuation that weir makes before that is no business of the resource. */
export function changedT(run: RunView, trigger: number): number {
  const before = run.of('cr').findLast(({ t }) => t <= trigger)
  return (
    run.of('cr').find(({ t, generation }) => t > trigger && generation !== before?.generation)?.t ?? trigger
  )
}

/** When the first node that was there before is left, by the first source that shows it. */
function underwayT(run: RunView, fromT: number): number {
  const gone = run.nodes.flatMap(({ firstSeenT, deletingT }) =>
    firstSeenT < fromT && deletingT !== undefined && deletingT > fromT ? [deletingT] : [],
  )
  return Math.min(run.moments.firstEviction ?? Number.POSITIVE_INFINITY, ...gone)
}

/**
 * A resource that goes on to say what it said before the change is behind, by a pass of its operator at least: new pods that nobody has
 * come to are none of its nodes yet (docs/contract/operator.md#v1beta4-status). It is wrong from when old ones are left. What it says anew must be
 * true.
 */
export function claimsOf(run: RunView, fromT: number, toT: number): Stretch[] {
  const states = new ClusterStates()
  const stretches: Stretch[] = []
  const staleT = underwayT(run, fromT) + run.parameters.pollIntervalSeconds * SECOND
  let claims = false
  let stands = true
  for (const event of run.record.events) {
    if (event.t > toT) break
    states.take(event)
    if (event.type === 'cr') claims = event.settled
    if (!claims && event.t >= fromT) stands = false
    const { hasEnough } = states
    const lacking = states.lacking && MESSAGES['state-truth'].lacking(states.lacking)
    const isBehind = stands && hasEnough && event.t < staleT
    const isEarly = claims && lacking !== undefined && !isBehind
    const before = stretches.at(-1)
    if (before && before.claims === claims && before.lacking === lacking && before.isEarly === isEarly)
      continue
    const stretch = { fromT: Math.max(event.t, fromT), claims, lacking, isEarly }
    // Only the last one before the change still stands at it.
    if (event.t <= fromT) stretches.length = 0
    stretches.push(stretch)
  }
  return stretches
}

/** The first stretch from which on the resource says for longer than `ns` that it runs as asked, before it is true. */
export function earlyClaim(stretches: readonly Stretch[], toT: number, ns: number): Stretch | undefined {
  return stretches.find(({ isEarly, fromT }, i) => {
    const endT = stretches.slice(i).find((next) => !next.isEarly)?.fromT ?? toT
    return isEarly && endT - fromT > ns
  })
}
