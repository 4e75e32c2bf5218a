import { ClusterStates } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { hadItsTime } from '../evidence/members.ts'
import { endStateT } from '../evidence/span.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['state-truth']
const { settle, shared } = MESSAGES

/** From `fromT` on the resource says that it runs as asked, or that it does not; and what was lacking then. */
interface Stretch {
  fromT: number
  claims: boolean
  lacking: string | undefined
  /** It says something else than is true, and it is its own fault. */
  isEarly: boolean
}

/** What the resource says of itself, beside what its pods and its Service show. */
export const stateTruth: Check<'state-truth'> = (run, bounds) => {
  const bound = text.bound(bounds)
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const { trigger } = run.moments
  const toT = endStateT(run)
  if (trigger === undefined) return open(text.noChange, settle.upgrade)
  const fromT = changedT(run, trigger)
  if (run.of('cr').at(-1)?.wanted === undefined) return open(text.neverTold, text.neverToldSettle)
  const stretches = stretchesOf(run, fromT, toT)
  const seen = (fromT: number, untilT: number) => [evidence('events.ndjson', fromT, untilT, text.seen)]
  const isBlind = (['cr', 'pods', 'endpoints'] as const).some((kind) => blindTo(run, kind, trigger, toT))
  const early = stretches.find(
    (one, i) =>
      one.isEarly &&
      lasts(stretches, i, toT, ({ isEarly }) => isEarly) - one.fromT > bounds.earlySeconds * SECOND,
  )
  if (isBlind) return open(text.blind, settle.watches)
  if (early)
    return fail({
      bound,
      measured: text.measuredEarly,
      sentence: text.early({ at: moment(run, early.fromT), lacking: early.lacking ?? '' }),
      evidence: seen(trigger, early.fromT),
    })
  const last = stretches.at(-1)
  if (last?.lacking !== undefined) return open(text.unfinished({ lacking: last.lacking }), settle.wholeRun)
  const trueT = stretches.findLast((_, i) => stretches[i - 1]?.lacking !== undefined)?.fromT ?? fromT
  const saidT = stretches.find(({ claims, fromT }) => claims && fromT >= trueT)?.fromT
  const lateNs = (saidT ?? toT) - trueT
  const figures = { lateSeconds: saidT === undefined ? null : lateNs / SECOND }
  if (lateNs > bounds.lateSeconds * SECOND)
    return fail({
      bound,
      measured: text.measured({ ns: lateNs }),
      sentence: text.late({ at: moment(run, trueT), ns: lateNs, said: saidT !== undefined }),
      figures,
      evidence: seen(trueT, saidT ?? toT),
    })
  if (saidT === undefined)
    return open(hadItsTime(run) ? text.notYet({ ns: lateNs }) : text.cut, settle.wholeRun)
  return pass({
    bound,
    measured: text.measured({ ns: lateNs }),
    sentence: text.held({ ns: lateNs }),
    figures,
    evidence: seen(trueT, saidT),
  })
}

/** When the resource was changed, as the watch tells: an evacuation that weir makes before that is no business of the resource. */
function changedT(run: RunView, trigger: number): number {
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
function stretchesOf(run: RunView, fromT: number, toT: number): Stretch[] {
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
    const { lacking, hasEnough } = states
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

/** Until when this and the next stretches are alike. */
function lasts(
  stretches: readonly Stretch[],
  from: number,
  toT: number,
  isAlike: (one: Stretch) => boolean,
): number {
  const next = stretches.slice(from).find((one) => !isAlike(one))
  return next?.fromT ?? toT
}
