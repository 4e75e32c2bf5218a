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
}

/** What the resource says of itself, beside what its pods and its Service show. */
export const stateTruth: Check<'state-truth'> = (run, bounds) => {
  const bound = text.bound(bounds)
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const { trigger } = run.moments
  const toT = endStateT(run)
  if (trigger === undefined) return open(text.noChange, settle.upgrade)
  if (run.of('cr').at(-1)?.wanted === undefined) return open(text.neverTold, text.neverToldSettle)
  const stretches = stretchesOf(run, trigger, toT)
  const seen = (fromT: number, untilT: number) => [evidence('events.ndjson', fromT, untilT, text.seen)]
  const isBlind = (['cr', 'pods', 'endpoints'] as const).some((kind) => blindTo(run, kind, trigger, toT))
  const early = stretches.find(
    ({ claims, lacking, fromT }, i) =>
      claims &&
      lacking !== undefined &&
      lasts(stretches, i, toT, (one) => one.claims && one.lacking !== undefined) - fromT >
        bounds.earlySeconds * SECOND,
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
  const trueT = stretches.findLast((_, i) => stretches[i - 1]?.lacking !== undefined)?.fromT ?? trigger
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

function stretchesOf(run: RunView, fromT: number, toT: number): Stretch[] {
  const states = new ClusterStates()
  const stretches: Stretch[] = []
  let claims = false
  for (const event of run.record.events) {
    if (event.t > toT) break
    states.take(event)
    if (event.type === 'cr') claims = event.settled
    const { lacking } = states
    const before = stretches.at(-1)
    if (before && before.claims === claims && before.lacking === lacking) continue
    const stretch = { fromT: Math.max(event.t, fromT), claims, lacking }
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
