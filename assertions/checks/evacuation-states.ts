import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { keptWait, rank, STATES, type Wait } from '../evidence/kept-wait.ts'
import { type Track, takeoverSeconds, tracksOf } from '../evidence/tracks.ts'
import { moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['evacuation-states']
const { shared } = MESSAGES

/**
 * Load balancers get time to route around a node before its clients are evicted, and sessions wait for their clients
 * before they are moved. Without these waits, clients come back to the node that they must leave, and sessions are
 * moved twice (docs/contract/emqx.md#evacuation-states).
 */
export const evacuationStates: Check<'evacuation-states'> = (run, bounds) => {
  const waits = waitsOf(run)
  const late = bounds.lateSeconds ?? 2
  const bound = text.bound({
    states: STATES,
    waits: waits.map(({ state, seconds }) => ({ state, least: seconds, most: seconds + late })),
  })
  const tracks = tracksOf(run)
  if (tracks.length === 0)
    return unknown({
      bound,
      measured: shared.unknown,
      why: text.noEvacuation,
      settle: text.noEvacuationSettle,
    })
  const results = tracks.flatMap((track) => examine(run, track, waits, bound, bounds))
  return (
    results.find(({ outcome }) => outcome === 'fail') ??
    results.find(({ outcome }) => outcome === 'inconclusive') ??
    pass({
      bound,
      measured: shared.clauses(results.map(({ measured }) => measured)),
      sentence: text.held({ evacuations: tracks.length, waits }),
      evidence: results.flatMap((one) => one.evidence),
      figures: {
        evacuations: tracks.length,
        healthCheckWaitSeconds: run.parameters.dialect.healthCheckWaitSeconds,
        waitTakeoverSeconds: takeoverSeconds(run),
      },
    })
  )
}

/** The waits of an evacuation. EMQX 4.4 has no health-check wait. */
function waitsOf(run: RunView): Wait[] {
  const { healthCheckWaitSeconds } = run.parameters.dialect
  const takeover: Wait = {
    state: 'waiting_takeover',
    seconds: takeoverSeconds(run),
    what: text.waitTakeover,
    from: 'waitTakeover',
  }
  const health: Wait = {
    state: 'waiting_health_check',
    seconds: healthCheckWaitSeconds,
    what: text.waitHealthCheck,
    from: 'wait_health_check',
  }
  return healthCheckWaitSeconds > 0 ? [health, takeover] : [takeover]
}

function examine(
  run: RunView,
  track: Track,
  waits: Wait[],
  bound: string,
  bounds: Bounds<'evacuation-states'>,
): AssertionResult[] {
  const wrong = backwards(run, track, bound) ?? evictingTooSoon(run, track, bound, bounds.strays ?? 3)
  return wrong ? [wrong] : waits.map((wait) => keptWait(run, track, wait, bound, bounds))
}

/** While it waits for its health check, a node keeps its clients. */
function evictingTooSoon(
  run: RunView,
  track: Track,
  bound: string,
  strays: number,
): AssertionResult | undefined {
  const inside = track.samples.filter(({ state }) => state === 'waiting_health_check')
  const [first, last] = [inside[0], inside.at(-1)]
  if (!first || !last) return undefined
  const { evictions } = run
  let lost = 0
  for (let i = 0; i < evictions.length; i++) {
    const t = evictions.t[i] ?? 0
    if (evictions.node[i] === track.node && t > first.t && t < last.askedT) lost++
  }
  if (lost <= strays) return undefined
  const name = shortName(run, track.node)
  return fail({
    bound,
    measured: text.measuredLost({ node: name, clients: lost }),
    sentence: text.lostWaiting({
      node: name,
      clients: lost,
      ns: last.askedT - first.t,
      at: moment(run, first.t),
    }),
    evidence: [evidence('clients.arrow', first.t, last.askedT, text.evictionsSeen({ node: name }))],
    figures: { lostWhileWaiting: lost },
  })
}

function backwards(run: RunView, track: Track, bound: string): AssertionResult | undefined {
  const name = shortName(run, track.node)
  for (let i = 1; i < track.samples.length; i++) {
    const [before, now] = [track.samples[i - 1], track.samples[i]]
    if (!before || !now || rank(now.state) >= rank(before.state)) continue
    const confirmed =
      track.samples[i + 1] !== undefined &&
      rank(track.samples[i + 1]?.state ?? now.state) < rank(before.state)
    const parts = {
      bound,
      measured: text.measuredBack({ before: before.state, now: now.state }),
      evidence: [evidence('events.ndjson', before.t, now.t, shared.evacuationStatusOf({ node: name }))],
    }
    if (confirmed)
      return fail({
        ...parts,
        sentence: text.back({ node: name, before: before.state, now: now.state, at: moment(run, now.t) }),
      })
    return unknown({
      ...parts,
      why: text.oneSampleBack({ node: name, before: before.state, now: now.state }),
      settle: text.oneSampleBackSettle,
    })
  }
  return undefined
}
