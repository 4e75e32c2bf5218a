import type { Bounds, EvacuationState } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'
import type { Track, TrackSample } from './tracks.ts'
import { atTrigger, SECOND, shortName } from './wording.ts'

/** The states of an evacuation in their order (contract/operator.md 1.3). */
export const STATES: readonly EvacuationState[] = [
  'waiting_health_check',
  'evicting_conns',
  'waiting_takeover',
  'evicting_sessions',
  'prohibiting',
]
export const rank = (state: EvacuationState) => STATES.indexOf(state)

/** A state in which EMQX does nothing for a set time. */
export interface Wait {
  state: 'waiting_health_check' | 'waiting_takeover'
  seconds: number
  /** What the node waits for, as a sentence has it, and where the time comes from. */
  what: string
  from: string
}

/** Whether one node kept a wait: it is known within the samples around its ends, for it began and ended in two brackets. */
export function keptWait(
  run: RunView,
  track: Track,
  wait: Wait,
  bound: string,
  bounds: Bounds<'evacuation-states'>,
): AssertionResult {
  const { state, seconds, what, from: source } = wait
  const name = shortName(run, track.node)
  const { samples } = track
  const before = samples.findLast((sample) => rank(sample.state) < rank(state))
  const inside = samples.filter((sample) => sample.state === state)
  const after = endOf(run, track, state)
  const least = inside.length > 0 ? (inside.at(-1)!.askedT - inside[0]!.t) / SECOND : 0
  const from = before?.askedT ?? track.notBeforeT
  const most = after ? (after.t - from) / SECOND : Number.POSITIVE_INFINITY
  const seen = [evidence('events.ndjson', from, after?.t ?? run.moments.end, `evacuation status of ${name}`)]
  const measured = `${name} ${Math.max(least, 0).toFixed(1)} to ${most.toFixed(1)} s`
  const figures = { leastSeconds: Math.max(least, 0), mostSeconds: most, waitSeconds: seconds }
  const parts = { bound, measured, evidence: seen, figures }
  // What EMQX would have done next is not known of a node whose pod was taken away: drained-before-delete judges that.
  if (after?.gone && most < seconds && !ended(run, track) && deletedBefore(run, track, after.t))
    return unknown({
      ...parts,
      why: `the pod of ${name} was deleted ${atTrigger(run, after.t)}, while EMQX was in ${track.samples.at(-1)?.state}`,
      settle: 'a run in which the evacuation ends before its pod is deleted',
    })
  if (most < seconds)
    return fail({
      ...parts,
      sentence: `${name} waited at most ${Math.max(most, 0).toFixed(1)} s ${what} (${source} ${seconds} s) ${atTrigger(run, from)}${after?.gone ? ', when its evacuation ended without it' : ''}.`,
    })
  if (least > seconds + bounds.lateSeconds)
    return fail({
      ...parts,
      sentence: `${name} stayed in ${state} for at least ${least.toFixed(1)} s, not ${seconds} s, ${atTrigger(run, from)}.`,
    })
  if (!after || most - Math.max(least, 0) > bounds.bracketSeconds)
    return unknown({
      ...parts,
      why: after
        ? `samples of ${name} leave its wait open between ${Math.max(least, 0).toFixed(1)} and ${most.toFixed(1)} s (${state})`
        : `the evacuation of ${name} had not gone past ${state} when the record ends`,
      settle: after
        ? 'samples of the evacuation status every second'
        : 'a record that goes on until the evacuation ends',
    })
  return pass({ ...parts, sentence: `${name} waited ${measured}.` })
}

/** The operator saw it through, even if no sample did. */
function ended(run: RunView, track: Track): boolean {
  const name = run.nodes[track.node]?.name
  return run
    .of('cr')
    .some(({ evacuations }) => evacuations.some((one) => one.node === name && one.state === 'prohibiting'))
}

function deletedBefore(run: RunView, track: Track, t: number): boolean {
  const deletingT = run.nodes[track.node]?.deletingT
  return deletingT !== undefined && deletingT <= t
}

/** The first sample past the wait, or the moment by which the node was gone without one. */
function endOf(
  run: RunView,
  track: Track,
  state: EvacuationState,
): (Pick<TrackSample, 't'> & { gone: boolean }) | undefined {
  const later = track.samples.find((sample) => rank(sample.state) > rank(state))
  if (later) return { t: later.t, gone: false }
  const deletedT = run.nodes[track.node]?.deletingT
  const goneT = track.goneT
  if (deletedT === undefined && goneT === undefined) return undefined
  return {
    t: Math.min(
      deletedT === undefined ? Number.POSITIVE_INFINITY : deletedT + SECOND,
      goneT ?? Number.POSITIVE_INFINITY,
    ),
    gone: true,
  }
}
