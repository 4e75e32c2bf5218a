import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { keptWait, rank, STATES, type Wait } from '../evidence/kept-wait.ts'
import { type Track, takeoverSeconds, tracksOf } from '../evidence/tracks.ts'
import { atTrigger, count, SECOND, shortName } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/**
 * Load balancers get the time to turn away before anybody is evicted, and sessions wait for their clients before they
 * are moved: without these waits clients come back to the node that they must leave, and sessions are moved twice (seed
 * B13, B34).
 */
export const evacuationStates: Check<'evacuation-states'> = (run, bounds) => {
  const waits = waitsOf(run)
  const late = bounds.lateSeconds ?? 2
  const bound = `${STATES.join(', ')} in this order; ${waits.map(({ state, seconds }) => `${seconds} to ${seconds + late} s in ${state}`).join(', ')}`
  const tracks = tracksOf(run)
  if (tracks.length === 0)
    return unknown({
      bound,
      measured: 'unknown',
      why: 'no evacuation is in the samples of the evacuation status',
      settle: 'a run that samples EMQX while a node is evacuated',
    })
  const said = tracks.flatMap((track) => examine(run, track, waits, bound, bounds))
  return (
    said.find(({ outcome }) => outcome === 'fail') ??
    said.find(({ outcome }) => outcome === 'inconclusive') ??
    pass({
      bound,
      measured: said.map(({ measured }) => measured).join('; '),
      sentence: `${count(tracks.length, 'evacuation')} went through ${tracks.length === 1 ? 'its' : 'their'} states in order and waited ${waits.map(({ seconds, what }) => `${seconds} s ${what}`).join(' and ')}.`,
      evidence: said.flatMap((one) => one.evidence),
      figures: {
        evacuations: tracks.length,
        healthCheckWaitSeconds: run.parameters.dialect.healthCheckWaitSeconds,
        waitTakeoverSeconds: takeoverSeconds(run),
      },
    })
  )
}

/** What an evacuation has to wait for. EMQX 4.4 knows no health check. */
function waitsOf(run: RunView): Wait[] {
  const { healthCheckWaitSeconds } = run.parameters.dialect
  const takeover: Wait = {
    state: 'waiting_takeover',
    seconds: takeoverSeconds(run),
    what: 'for clients to come back to their sessions',
    from: 'waitTakeover',
  }
  const health: Wait = {
    state: 'waiting_health_check',
    seconds: healthCheckWaitSeconds,
    what: 'for load balancers to turn away',
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

/** While it waits for its health check a node keeps its clients, whatever it calls its state. */
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
    measured: `${name}: ${count(lost, 'client')} lost in waiting_health_check`,
    sentence: `${name} lost ${count(lost, 'client')} in the ${((last.askedT - first.t) / SECOND).toFixed(1)} s from ${atTrigger(run, first.t).replace('at ', '')} on, in which it only waited for its health check.`,
    evidence: [evidence('clients.arrow', first.t, last.askedT, `evictions by ${name}`)],
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
      measured: `${before.state}, then ${now.state}`,
      evidence: [evidence('events.ndjson', before.t, now.t, `evacuation status of ${name}`)],
    }
    if (confirmed)
      return fail({
        ...parts,
        sentence: `${name} went back from ${before.state} to ${now.state} ${atTrigger(run, now.t)}.`,
      })
    return unknown({
      ...parts,
      why: `one sample of ${name} shows ${now.state} after ${before.state}, and the next does not`,
      settle: 'a run whose samples agree',
    })
  }
  return undefined
}
