import type { Check } from '../check.ts'
import { hadItsTime } from '../evidence/members.ts'
import { endStateT } from '../evidence/span.ts'
import { changedT, claimsOf, earlyClaim } from '../evidence/state-claims.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['state-truth']
const { settle, shared } = MESSAGES

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
  const stretches = claimsOf(run, fromT, toT)
  const seen = (fromT: number, untilT: number) => [evidence('events.ndjson', fromT, untilT, text.seen)]
  const isBlind = (['cr', 'pods', 'endpoints'] as const).some((kind) => blindTo(run, kind, trigger, toT))
  const early = earlyClaim(stretches, toT, bounds.earlySeconds * SECOND)
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
