import type { RunView } from '#weir/record/view/index.ts'
import type { Assertion } from '../assertion.ts'
import { atTrigger, SECOND, seconds } from '../wording.ts'
import { evidence, fail, pass, type Said, unknown } from './finding.ts'
import { servingT } from './new-set.ts'
import { worstStall } from './stall.ts'
import { blindTo } from './watches.ts'

/** The new set gets D seconds to warm up, counted from when it serves and not from the change (seed B14). */
export const initialDelay: Assertion = {
  id: 'initial-delay',
  title: 'the first eviction waits initialDelaySeconds after the new set serves, and not much longer',
  source: 'design: initial-delay; seed B14; operator A.5 S2',
  bounds: {
    earlySeconds: {
      default: 2,
      unit: 's',
      meaning:
        'startedAt is kept in whole seconds (up to 1 s early), and the switch is heard of up to 1 s late',
    },
    lateSeconds: {
      default: 2,
      unit: 's',
      meaning: 'on top of the delay and one polling interval of the operator',
    },
  },
  needsHealthyHarness: true,
  faults: ['no-initial-delay'],
  check(run, bounds) {
    const { initialDelaySeconds: delay, pollIntervalSeconds: poll } = run.parameters
    const wait = run.parameters.dialect.healthCheckWaitSeconds
    // Of a delay as short as the slack itself at least half a second must be seen.
    const least = wait + Math.max(delay - (bounds.earlySeconds ?? 0), Math.min(delay, 1) / 2)
    const most = delay + wait + poll + (bounds.lateSeconds ?? 0)
    const bound = `first eviction ${delay + wait} to ${most} s after the new set serves (whole seconds: from ${least} s)`
    const open = (why: string, settle: string): Said =>
      unknown({ bound, measured: 'unknown', sentence: `Nobody can tell: ${why}.`, settle })

    const from = servingT(run)
    const first = firstEvictionWithin(run)
    if (first === undefined) return open('nobody was evicted', 'a run with an eviction')
    if (from === undefined)
      return open(
        'the record does not show when the new set began to serve',
        'a run with a watch of the EndpointSlices',
      )
    if (blindTo(run, 'endpoints', run.moments.trigger ?? 0, Math.max(from, first.toT)))
      return open('the watch of the endpoints was lost about then', 'a run whose watch has no gap')

    const min = (first.fromT - from) / SECOND
    const max = (first.toT - from) / SECOND
    const stall = worstStall(run, run.moments.trigger ?? 0, first.toT) / SECOND
    const seen = [
      evidence('events.ndjson', from, from, 'the new set serves'),
      evidence(first.file, first.fromT, first.toT, 'first eviction'),
    ]
    const figures = { delaySeconds: max, leastSeconds: least, mostSeconds: most }
    const measured = max - min < 0.1 ? `${max.toFixed(1)} s` : `${min.toFixed(1)} to ${max.toFixed(1)} s`
    if (max < least)
      return fail({
        bound,
        measured,
        sentence: `The first client was evicted ${atTrigger(run, first.toT)}, ${offset(max)} the new set began to serve: initialDelaySeconds ${delay} was not kept.`,
        evidence: seen,
        figures,
        despiteHarness: max + stall < least,
      })
    // New pods that joined the Service one by one served before the operator could begin to count.
    const startedT = startedAt(run)
    const late = Math.min(min, startedT === undefined ? min : (first.fromT - startedT) / SECOND)
    if (late > most)
      return fail({
        bound,
        measured,
        sentence: `The first client was evicted only ${late.toFixed(1)} s after the new set began to serve; initialDelaySeconds ${delay} and one poll of ${poll} s explain ${most} s.`,
        evidence: seen,
        figures,
        despiteHarness: late - stall > most,
      })
    if (min < least || late + max - min > most)
      return {
        ...open(
          `the first eviction is known only to ${seconds(first.toT - first.fromT)}`,
          'a shorter sampling interval',
        ),
        figures,
      }
    return pass({
      bound,
      measured,
      sentence: `The first client was evicted ${max.toFixed(1)} s after the new set began to serve.`,
      evidence: seen,
      figures,
    })
  },
}

const offset = (value: number) =>
  value < 0 ? `${(-value).toFixed(1)} s before` : `${value.toFixed(1)} s after`

/** When the operator says that it began, on the record's clock; it keeps whole seconds. */
function startedAt(run: RunView): number | undefined {
  const told = run.of('cr').find(({ startedUnixMs }) => startedUnixMs !== undefined)?.startedUnixMs
  return told === undefined ? undefined : (told - run.record.manifest.clock.anchorUnixMs) * 1e6
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
