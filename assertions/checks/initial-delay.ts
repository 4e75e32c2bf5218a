import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { delayStart, startedT } from '../evidence/delay-start.ts'
import { askedOf } from '../evidence/requested.ts'
import { worstStall } from '../evidence/stall.ts'
import { atTrigger, SECOND, seconds } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** The new set gets D seconds to warm up, counted from when it serves or is available, and not from the change (seed B14). */
export const initialDelay: Check<'initial-delay'> = (run, bounds) => {
  const { pollIntervalSeconds: poll, dialect } = run.parameters
  const delay = askedOf(run).initialDelaySeconds
  const wait = dialect.healthCheckWaitSeconds
  const first = firstEvictionWithin(run)
  const start = first && delayStart(run, first.toT)
  const early = (typeof start === 'object' ? start.earlySeconds : undefined) ?? bounds.earlySeconds ?? 0
  // Of a delay as short as the slack itself at least half a second must be seen.
  const least = wait + Math.max(delay - early, Math.min(delay, 1) / 2)
  const most = delay + wait + poll + bounds.lateSeconds
  const what = typeof start === 'object' ? start.what : 'the new set began to serve'
  const bound = `first eviction ${delay + wait} to ${most} s after ${what} (whole seconds: from ${least} s)`
  const open = (why: string, settle: string): AssertionResult =>
    unknown({ bound, measured: 'unknown', why, settle })

  if (first === undefined) return open('nobody was evicted', 'a run with an eviction')
  if (typeof start !== 'object')
    return open(start ?? 'unknown', 'a run whose watches of the resource and the EndpointSlices have no gap')

  const min = (first.fromT - start.toT) / SECOND
  const max = (first.toT - start.fromT) / SECOND
  const stall = worstStall(run, run.moments.trigger ?? 0, first.toT) / SECOND
  const seen = [
    evidence('events.ndjson', start.fromT, start.toT, what),
    evidence(first.file, first.fromT, first.toT, 'first eviction'),
  ]
  const figures = { delaySeconds: max, leastSeconds: least, mostSeconds: most }
  const measured = max - min < 0.1 ? `${max.toFixed(1)} s` : `${min.toFixed(1)} to ${max.toFixed(1)} s`
  if (max < least)
    return fail({
      bound,
      measured,
      sentence: `The first client was evicted ${atTrigger(run, first.toT)}, ${offset(max)} ${what}: initialDelaySeconds ${delay}${waited(wait)} was not kept.`,
      evidence: seen,
      figures,
      despiteHarness: max + stall < least,
    })
  // New pods that joined the Service one by one served before the operator could begin to count.
  const began = dialect.trafficSwitch === 'readiness-gate' ? undefined : startedT(run)
  const late = Math.min(min, began === undefined ? min : (first.fromT - began) / SECOND)
  if (late > most)
    return fail({
      bound,
      measured,
      sentence: `The first client was evicted only ${late.toFixed(1)} s after ${what}; initialDelaySeconds ${delay}${waited(wait)} and one poll of ${poll} s explain ${most} s.`,
      evidence: seen,
      figures,
      despiteHarness: late - stall > most,
    })
  if (min < least || late + max - min > most)
    return {
      ...open(
        `how long after it is known only to ${seconds(first.toT - first.fromT + start.toT - start.fromT)}`,
        'a shorter sampling interval, and clocks that agree',
      ),
      figures,
    }
  return pass({
    bound,
    measured,
    sentence: `The first client was evicted ${max.toFixed(1)} s after ${what}${wait > 0 ? `, ${wait} s of them EMQX's own wait for its health check` : ''}.`,
    evidence: seen,
    figures,
  })
}

const waited = (wait: number) => (wait > 0 ? ` and a health-check wait of ${wait} s` : '')

const offset = (value: number) =>
  value < 0 ? `${(-value).toFixed(1)} s before` : `${value.toFixed(1)} s after`

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
