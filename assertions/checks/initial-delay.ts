import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { delayStart, startedT } from '../evidence/delay-start.ts'
import { askedOf } from '../evidence/requested.ts'
import { totalDelay, worstStall } from '../evidence/stall.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['initial-delay']
const { settle, shared } = MESSAGES

/**
 * The new set gets the delay to warm up, counted from when it serves or is available, not from the change
 * (docs/contract/operator.md#initial-delay).
 */
export const initialDelay: Check<'initial-delay'> = (run, bounds) => {
  const { pollIntervalSeconds: poll, dialect } = run.parameters
  const delay = askedOf(run).initialDelaySeconds
  const wait = dialect.healthCheckWaitSeconds
  const first = firstEvictionWithin(run)
  const start = first && delayStart(run, first.toT)
  const early = (typeof start === 'object' ? start.earlySeconds : undefined) ?? bounds.earlySeconds ?? 0
  const least = wait + Math.max(delay - early, 0)
  const most = delay + wait + poll + bounds.lateSeconds
  const what = typeof start === 'object' ? start.what : text.setServes
  const bound = text.bound({ fromSeconds: delay + wait, mostSeconds: most, leastSeconds: least, start: what })
  const open = (why: string, resolve: string): AssertionResult =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })

  if (first === undefined) return open(text.noEviction, settle.eviction)
  if (typeof start !== 'object') return open(start ?? shared.unknown, settle.watches)

  const min = (first.fromT - start.toT) / SECOND
  const max = (first.toT - start.fromT) / SECOND
  const stall = totalDelay(run, run.moments.trigger ?? 0, first.toT) / SECOND
  const seen = [
    evidence('events.ndjson', start.fromT, start.toT, what),
    evidence(first.file, first.fromT, first.toT, text.firstEvictionSeen),
  ]
  // New pods that joined the Service one by one served before the operator could begin to count.
  const began = dialect.trafficSwitch === 'readiness-gate' ? undefined : startedT(run)
  const late = Math.min(min, began === undefined ? min : (first.fromT - began) / SECOND)
  const figures = { delaySeconds: max, judgedSeconds: late, leastSeconds: least, mostSeconds: most }
  const measured = text.measured({ min, max })
  const isWrong = max < least || min > most
  if (isWrong && run.moments.firstEvictionUnseen)
    return {
      ...open(text.unsampled({ at: moment(run, first.toT), measured }), settle.samplesWithoutPause),
      figures,
    }
  if (max < least)
    return fail({
      bound,
      measured,
      sentence: text.early({ at: moment(run, first.toT), seconds: max, start: what, delay, wait }),
      evidence: seen,
      figures,
      despiteHarness: max + stall < least,
    })
  if (late > most)
    return fail({
      bound,
      measured,
      sentence: text.late({ seconds: late, start: what, delay, wait, poll, most }),
      evidence: seen,
      figures,
      despiteHarness: late - stall > most,
    })
  // What a stall may have added proves no delay: without it, the eviction may have come as early as one that waits for nothing.
  const stretch = worstStall(run, start.fromT, first.toT) / SECOND
  // An operator that counts whole seconds may wait for nothing, and so may one that does not wait.
  if (delay > 0 && delay <= early && min - stretch < wait + delay)
    return { ...open(text.tooShort({ measured, delay, early }), text.tooShortSettle({ early })), figures }
  if (min < least || late + max - min > most)
    return {
      ...open(
        text.imprecise({ ns: first.toT - first.fromT + start.toT - start.fromT }),
        text.impreciseSettle,
      ),
      figures,
    }
  if (least > 0 && min - stretch < least)
    return { ...open(text.stretched({ measured, stretch, least }), settle.lessLoad), figures }
  return pass({
    bound,
    measured,
    sentence: text.held({ seconds: max, start: what, wait }),
    evidence: seen,
    figures,
  })
}

/** Clients tell the instant; where only EMQX's state was sampled the instant lies between two samples. */
function firstEvictionWithin(run: RunView) {
  const exact = run.moments.firstEviction
  if (exact === undefined) return undefined
  const nodes = new Set(run.evacuations.map((evacuation) => evacuation.node))
  const { evictions } = run
  for (let i = 0; i < evictions.length && (evictions.t[i] ?? 0) <= exact; i++)
    if (evictions.t[i] === exact || nodes.has(evictions.node[i] ?? -1))
      return { fromT: exact, toT: exact, file: 'clients.arrow' as const }
  const states = run.evacuations.flatMap((evacuation) => evacuation.states)
  const sampled = states.find(({ state, seenT }) => state !== 'waiting_health_check' && seenT >= exact)
  return { fromT: Math.min(sampled?.notBeforeT ?? exact, exact), toT: exact, file: 'events.ndjson' as const }
}
