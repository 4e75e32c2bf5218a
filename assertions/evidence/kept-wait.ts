import type { Bounds, EvacuationState } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'
import type { Track, TrackSample } from './tracks.ts'
import { moment, SECOND, shortName } from './wording.ts'

const text = MESSAGES['evacuation-states']
const { settle, shared } = MESSAGES

/** The states of an evacuation in their order (docs/contract/emqx.md#evacuation-states). */
export const STATES: readonly EvacuationState[] = [
  'waiting_health_check',
  'evicting_conns',
  'waiting_takeover',
  'evicting_sessions',
  'prohibiting',
]
export const rank = (state: EvacuationState) => STATES.indexOf(state)

/** A state in which EMQX waits for a set time. */
export interface Wait {
  state: 'waiting_health_check' | 'waiting_takeover'
  seconds: number
  /** What the node waits for, as part of a sentence, and the setting that gives the time. */
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
  const { state, seconds, what, from: setting } = wait
  const name = shortName(run, track.node)
  const { samples } = track
  const before = samples.findLast((sample) => rank(sample.state) < rank(state))
  const inside = samples.filter((sample) => sample.state === state)
  const after = endOf(run, track, state)
  const least = inside.length > 0 ? (inside.at(-1)!.askedT - inside[0]!.t) / SECOND : 0
  const from = before?.askedT ?? track.notBeforeT
  const most = after ? (after.t - from) / SECOND : Number.POSITIVE_INFINITY
  const seen = [
    evidence('events.ndjson', from, after?.t ?? run.moments.end, shared.evacuationStatusOf({ node: name })),
  ]
  const measured = text.measuredWait({ node: name, least: Math.max(least, 0), most })
  const figures = { leastSeconds: Math.max(least, 0), mostSeconds: after ? most : null, waitSeconds: seconds }
  const parts = { bound, measured, evidence: seen, figures }
  // When the pod was deleted, EMQX's next state is unknown; drained-before-delete judges the deletion.
  if (after?.gone && most < seconds && !ended(run, track) && deletedBefore(run, track, after.t))
    return unknown({
      ...parts,
      why: text.podDeleted({ node: name, at: moment(run, after.t), state: track.samples.at(-1)?.state }),
      settle: text.podDeletedSettle,
    })
  if (most < seconds)
    return fail({
      ...parts,
      sentence: text.tooShort({
        node: name,
        most: Math.max(most, 0),
        what,
        setting,
        seconds,
        at: moment(run, from),
        isSkipped: after?.gone === true,
      }),
    })
  if (least > seconds + bounds.lateSeconds)
    return fail({
      ...parts,
      sentence: text.tooLong({ node: name, state, least, seconds, at: moment(run, from) }),
    })
  if (!after || most - Math.max(least, 0) > bounds.bracketSeconds)
    return unknown({
      ...parts,
      why: after
        ? text.waitOpen({ node: name, least: Math.max(least, 0), most, state })
        : text.notPast({ node: name, state }),
      settle: after ? settle.samples : text.notPastSettle,
    })
  // Then the samples leave room for no wait at all.
  if (inside.length === 0)
    return unknown({ ...parts, why: text.unseen({ node: name, state, most }), settle: settle.samples })
  return pass({ ...parts, sentence: text.waited({ measured }) })
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
