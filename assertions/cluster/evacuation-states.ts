import type { EvacuationState } from '#weir/record/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Assertion, Bounds } from '../assertion.ts'
import { atTrigger, count, SECOND, shortName } from '../wording.ts'
import { evidence, fail, pass, type Said, unknown } from './finding.ts'
import { type Track, type TrackSample, takeoverSeconds, tracksOf } from './tracks.ts'

const ORDER: readonly EvacuationState[] = [
  'waiting_health_check',
  'evicting_conns',
  'waiting_takeover',
  'evicting_sessions',
  'prohibiting',
]
const rank = (state: EvacuationState) => ORDER.indexOf(state)

/** Sessions wait for their clients before they are moved: without the wait they are moved twice (seed B13, B34). */
export const evacuationStates: Assertion = {
  id: 'evacuation-states',
  title: 'each evacuation goes through its states in order and waits waitTakeover for clients to come back',
  source: 'design: evacuation-states; seed B13, B34; operator 1.3',
  bounds: {
    lateSeconds: { default: 2, unit: 's', meaning: 'how much longer than waitTakeover the wait may last' },
    bracketSeconds: {
      default: 3,
      unit: 's',
      meaning: 'a wait that samples leave open by more than this is not known',
    },
  },
  needsHealthyHarness: false,
  faults: ['skip-takeover-wait'],
  check(run, bounds) {
    const wait = takeoverSeconds(run)
    const bound = `${ORDER.join(', ')} in this order; ${wait} to ${wait + (bounds.lateSeconds ?? 2)} s in waiting_takeover`
    const tracks = tracksOf(run)
    if (tracks.length === 0)
      return unknown({
        bound,
        measured: 'unknown',
        sentence: 'Nobody can tell: no evacuation is in the samples of the evacuation status.',
        settle: 'a run that samples EMQX while a node is evacuated',
      })
    const said = tracks.map((track) => examine(run, track, bound, bounds))
    return (
      said.find(({ outcome }) => outcome === 'fail') ??
      said.find(({ outcome }) => outcome === 'inconclusive') ??
      pass({
        bound,
        measured: said.map(({ measured }) => measured).join('; '),
        sentence: `${count(tracks.length, 'evacuation')} went through ${tracks.length === 1 ? 'its' : 'their'} states in order and waited ${wait} s for clients to come back.`,
        evidence: said.flatMap((one) => one.evidence),
        figures: { evacuations: tracks.length, waitTakeoverSeconds: wait },
      })
    )
  },
}

function examine(run: RunView, track: Track, bound: string, bounds: Bounds): Said {
  return backwards(run, track, bound) ?? takeover(run, track, bound, bounds)
}

function backwards(run: RunView, track: Track, bound: string): Said | undefined {
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
      sentence: `Nobody can tell: one sample of ${name} shows ${now.state} after ${before.state}, and the next does not.`,
      settle: 'a run whose samples agree',
    })
  }
  return undefined
}

/** The wait is known within the samples around its ends: it began and ended in two brackets. */
function takeover(run: RunView, track: Track, bound: string, bounds: Bounds): Said {
  const wait = takeoverSeconds(run)
  const name = shortName(run, track.node)
  const { samples } = track
  const before = samples.findLast((sample) => rank(sample.state) < rank('waiting_takeover'))
  const inside = samples.filter((sample) => sample.state === 'waiting_takeover')
  const after = endOf(run, track)
  const least = inside.length > 0 ? (inside.at(-1)!.askedT - inside[0]!.t) / SECOND : 0
  const most = after ? (after.t - (before?.askedT ?? track.notBeforeT)) / SECOND : Number.POSITIVE_INFINITY
  const from = before?.askedT ?? track.notBeforeT
  const seen = [evidence('events.ndjson', from, after?.t ?? run.moments.end, `evacuation status of ${name}`)]
  const measured = `${name} ${Math.max(least, 0).toFixed(1)} to ${most.toFixed(1)} s`
  const figures = { leastSeconds: Math.max(least, 0), mostSeconds: most, waitTakeoverSeconds: wait }
  const parts = { bound, measured, evidence: seen, figures }
  // What EMQX would have done next is not known of a node whose pod was taken away: drained-before-delete judges that.
  if (after?.gone && most < wait && !ended(run, track) && deletedBefore(run, track, after.t))
    return unknown({
      ...parts,
      sentence: `Nobody can tell: the pod of ${name} was deleted ${atTrigger(run, after.t)}, while EMQX was in ${track.samples.at(-1)?.state}.`,
      settle: 'a run in which the evacuation ends before its pod is deleted',
    })
  if (most < wait)
    return fail({
      ...parts,
      sentence: `${name} waited at most ${Math.max(most, 0).toFixed(1)} s for clients to come back to their sessions (waitTakeover ${wait} s) ${atTrigger(run, from)}${after?.gone ? ', when its evacuation ended without it' : ''}.`,
    })
  if (least > wait + (bounds.lateSeconds ?? 2))
    return fail({
      ...parts,
      sentence: `${name} stayed in waiting_takeover for at least ${least.toFixed(1)} s, not ${wait} s, ${atTrigger(run, from)}.`,
    })
  if (!after || most - Math.max(least, 0) > (bounds.bracketSeconds ?? 3))
    return unknown({
      ...parts,
      sentence: after
        ? `Nobody can tell: samples of ${name} leave its wait open between ${Math.max(least, 0).toFixed(1)} and ${most.toFixed(1)} s.`
        : `Nobody can tell: the evacuation of ${name} had not gone past its wait when the record ends.`,
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
function endOf(run: RunView, track: Track): (Pick<TrackSample, 't'> & { gone: boolean }) | undefined {
  const later = track.samples.find((sample) => rank(sample.state) > rank('waiting_takeover'))
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
