import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, unknown } from '../verdict/finding.ts'
import { crashBehind } from './crashes.ts'
import { endedByRun } from './ended-by-run.ts'
import { askedOf } from './requested.ts'
import { serialBound } from './serial-bound.ts'
import { sessionsLeft } from './session-count.ts'
import { evictionSpans, openAt, type Track, takeoverSeconds } from './tracks.ts'
import { moment, SECOND, shortName } from './wording.ts'

const text = MESSAGES['evacuation-serial']
const { settle, shared } = MESSAGES

/** A pod's deletion is recorded a little after it was decided, and its clients are closed within tenths of a second. */
const DELETION_LAG_NS = 0.75 * SECOND
/** The same within one node's own evacuation, where the end of its wait must not be taken for the deletion. */
export const deletionLagNs = (run: RunView) => Math.min(DELETION_LAG_NS, (takeoverSeconds(run) / 2) * SECOND)
/** EMQX's evictions come in ticks of one second: counts may be this far ahead or behind. */
const TICKS_SECONDS = 2

interface Turn {
  node: number
  /** It may have begun as early as this; it had begun by `startedT`. */
  notBeforeT: number
  startedT: number
  track?: Track
}

/** Whether each node was done with before the next one's turn. Undefined when it was, as far as samples can show. */
export function handovers(
  run: RunView,
  tracks: Track[],
  bounds: Bounds<'evacuation-serial'>,
): AssertionResult | undefined {
  const turns = turnsOf(run, tracks)
  let doubt: AssertionResult | undefined
  for (let i = 1; i < turns.length; i++) {
    const [before, next] = [turns[i - 1], turns[i]]
    if (!before || !next || endedByRun(run).has(before.node)) continue
    const result = dropped(run, before, next, bounds) ?? undrained(run, before, next, bounds)
    if (result?.outcome === 'fail') return result
    doubt ??= result
  }
  return doubt
}

/** Evacuations by EMQX's account, and nodes that lost their clients without EMQX ever being seen to evacuate them. */
function turnsOf(run: RunView, tracks: Track[]): Turn[] {
  const spans = evictionSpans(run)
  const turns: Turn[] = tracks.map((track) => ({
    node: track.node,
    notBeforeT: track.notBeforeT,
    startedT: Math.min(
      track.samples[0]?.t ?? Number.POSITIVE_INFINITY,
      spans.get(track.node)?.fromT ?? Number.POSITIVE_INFINITY,
    ),
    track,
  }))
  for (const [node, span] of spans) {
    if (turns.some((turn) => turn.node === node) || isOfItsEnd(run, node, span.fromT)) continue
    turns.push({ node, notBeforeT: span.fromT, startedT: span.fromT })
  }
  return turns.sort((a, b) => a.startedT - b.startedT)
}

/**
 * Whether the node lost its clients in a crash, or because somebody deleted its pod out of turn: then its set makes another in its
 * place. Neither is an evacuation; drained-before-delete and the headline tell of them.
 */
function isOfItsEnd(run: RunView, node: number, fromT: number): boolean {
  const { set, deletingT = Number.POSITIVE_INFINITY } = run.nodes[node] ?? {}
  const isReplaced = run.nodes.some((one) => one.set === set && one.firstSeenT > deletingT)
  return (isReplaced && fromT >= deletingT - DELETION_LAG_NS) || crashBehind(run, node, fromT) !== undefined
}

/** The pod was deleted, or the next one's turn came, with clients still on it. */
function dropped(
  run: RunView,
  before: Turn,
  next: Turn,
  bounds: Bounds<'evacuation-serial'>,
): AssertionResult | undefined {
  const deletingT = run.nodes[before.node]?.deletingT
  const deletedFromT = deletingT === undefined ? Number.POSITIVE_INFINITY : deletingT - DELETION_LAG_NS
  const endT = Math.min(next.startedT, deletedFromT)
  const left = openAt(run, before.node, endT)
  if (left === 0) return unsampledStart(run, before, Math.min(next.notBeforeT, endT), endT, bounds)
  const last = before.track?.samples.findLast((sample) => sample.t <= next.startedT)
  // One source against the other: when EMQX counted no connection, a few rows that never ended are missing rows.
  if (last && last.connected === 0 && last.t <= endT + SECOND && left <= 3)
    return unknown({
      bound: serialBound(run),
      ...shared.contradictingCounts({ left, node: shortName(run, before.node) }),
      settle: settle.noMissingEvents,
    })
  // Counted a little before the recorded deletion, and reported at its time.
  const [event, whenT] =
    deletingT !== undefined && deletingT <= next.startedT
      ? [text.podDeleted, deletingT]
      : [text.nextStarted({ next: shortName(run, next.node) }), endT]
  return fail({
    bound: serialBound(run),
    measured: text.measuredLeft({ connections: left }),
    sentence: text.left({ node: shortName(run, before.node), event, at: moment(run, whenT), clients: left }),
    evidence: [
      evidence('clients.arrow', endT, next.startedT, shared.clientsOf({ node: shortName(run, before.node) })),
    ],
    figures: { connectionsLeft: left },
  })
}

/** The next node's turn came at some time between the two: clients that left meanwhile may have been left when it came. */
function unsampledStart(
  run: RunView,
  before: Turn,
  fromT: number,
  toT: number,
  bounds: Bounds<'evacuation-serial'>,
): AssertionResult | undefined {
  const left = openAt(run, before.node, fromT)
  if (left === 0 || toT - fromT <= bounds.gapSeconds * SECOND) return undefined
  return unknown({
    bound: serialBound(run),
    measured: text.measuredLeft({ connections: left }),
    why: text.unsampledEnd({ ns: toT - fromT, node: shortName(run, before.node) }),
    settle: settle.samplesWithoutPause,
  })
}

/** The last sample of the node, and whether the rest can have happened between two samples. */
function undrained(
  run: RunView,
  before: Turn,
  next: Turn,
  bounds: Bounds<'evacuation-serial'>,
): AssertionResult | undefined {
  const last = before.track?.samples.findLast((sample) => sample.t <= next.startedT)
  if (!last) return undefined
  if (last.connected === 0 && last.sessions === 0 && last.state === 'prohibiting') return undefined
  const deletingT = run.nodes[before.node]?.deletingT ?? Number.POSITIVE_INFINITY
  const spare = (Math.min(next.startedT, deletingT + SECOND) - last.askedT) / SECOND
  const needed = neededSeconds(run, last)
  const name = shortName(run, before.node)
  const state = text.inState({ state: last.state, connections: last.connected, sessions: last.sessions })
  if (needed > spare)
    return fail({
      bound: serialBound(run),
      measured: state,
      sentence: text.unfinished({ node: name, last: state, at: moment(run, last.t), spare, needed }),
      evidence: [
        evidence(
          'events.ndjson',
          last.askedT,
          next.startedT,
          text.handoverSeen({ node: name, next: shortName(run, next.node) }),
        ),
      ],
      figures: {
        connectionsLeft: last.connected,
        sessionsLeft: last.sessions,
        spareSeconds: spare,
        neededSeconds: needed,
      },
    })
  // A state shorter than a sample is not seen: its absence is no failure while the counts fit.
  if (spare <= bounds.gapSeconds) return undefined
  return unknown({
    bound: serialBound(run),
    measured: state,
    why: text.unsampledEnd({ ns: spare * SECOND, node: name }),
    settle: settle.samplesWithoutPause,
  })
}

/** The wait for takeovers is left out: evacuation-states judges it. */
function neededSeconds(run: RunView, last: Track['samples'][number]): number {
  const { connEvictRate, sessEvictRate } = askedOf(run)
  const sessions = sessionsLeft({ ...last, currentSessions: last.sessions }) ?? 0
  return last.connected / connEvictRate + sessions / sessEvictRate - TICKS_SECONDS
}
