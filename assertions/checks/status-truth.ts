import type { CrEvent } from '#weir/facts/index.ts'
import type { NodeView, RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { mustGo } from '../evidence/new-set.ts'
import { openAt, tracksOf } from '../evidence/tracks.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['status-truth']
const { settle, shared } = MESSAGES

/** Events of different watches may arrive in any order within this time. */
const ORDER_NS = SECOND

/** A resource that reports done too early ends deadlines, alarms and scripts too early (docs/contract/upgrade.md#completion). */
export const statusTruth: Check<'status-truth'> = (run, bounds) => {
  const late = (run.parameters.pollIntervalSeconds + bounds.lateSeconds) * SECOND
  const bound = text.bound({ lateNs: late })
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const events = run.of('cr')
  const begun = underwayT(run)
  if (events.length === 0) return open(text.noResource, text.noResourceSettle)
  if (begun === undefined) return open(text.nothingMoved, settle.upgrade)
  const moved = movedT(run)
  return (
    early(run, events, begun, moved, late, bound) ??
    numbers(run, events, late, bound) ??
    lateness(run, events, moved, late, bound, open)
  )
}

/** When the move began, by the first source that shows it. */
function underwayT(run: RunView): number | undefined {
  const times = [run.moments.firstEviction, tracksOf(run)[0]?.samples[0]?.t].filter((t) => t !== undefined)
  return times.length > 0 ? Math.min(...times) : undefined
}

/** A node whose clients must move: not one of a change that was corrected before it was ever ready. */
const isMoved = (run: RunView, node: NodeView): boolean =>
  mustGo(run, node) &&
  (node.side === 'old' || run.of('pod').some(({ name, ready }) => name === node.pod && ready))

/** When nothing was left to move: every pod that must go deleted, being deleted or out of its set. Undefined when never. */
function movedT(run: RunView): number | undefined {
  const old = run.nodes.filter((node) => isMoved(run, node))
  const times = old.map((node) => outT(run, node))
  if (times.length === 0 || times.some((t) => t === undefined)) return undefined
  return Math.max(...times.map((t) => t ?? 0))
}

/** When the removal of a pod began, by the earlier of its deletion and its set's new size. */
function outT(run: RunView, node: RunView['nodes'][number]): number | undefined {
  const shrunk = run
    .of('set')
    .find(
      ({ t, name, specReplicas }) =>
        name === node.set && t > (run.moments.trigger ?? 0) && specReplicas <= node.ordinal,
    )
  const times = [node.deletingT, node.deletedT, shrunk?.t].filter((t) => t !== undefined)
  return times.length > 0 ? Math.min(...times) : undefined
}

function early(
  run: RunView,
  events: CrEvent[],
  begun: number,
  moved: number | undefined,
  grace: number,
  bound: string,
): AssertionResult | undefined {
  const untilT = (moved ?? run.moments.fleetStopping ?? run.moments.end) - ORDER_NS
  let standing = events.findLast(({ t }) => t <= begun)
  for (const event of events) {
    if (event.t <= begun) continue
    if (event.t >= untilT) break
    const news = event.settled && !standing?.settled
    const stale = event.settled && event.t > begun + grace
    standing = event
    if (news || stale) return tooEarly(run, event.t, moved, bound)
  }
  // It still reports what it reported before the first eviction, and has had time to change it.
  if (
    standing?.settled &&
    standing.t <= begun &&
    untilT > begun + grace &&
    !blindTo(run, 'cr', begun, untilT)
  )
    return tooEarly(run, begun + grace, moved, bound)
  return undefined
}

function tooEarly(run: RunView, t: number, moved: number | undefined, bound: string): AssertionResult {
  const left = run.nodes.flatMap((node, index) => {
    const gone = outT(run, node) ?? Number.POSITIVE_INFINITY
    return isMoved(run, node) && gone > t
      ? [text.nodeWithClients({ node: shortName(run, index), clients: openAt(run, index, t) })]
      : []
  })
  const ns = moved === undefined ? undefined : moved - t
  return fail({
    bound,
    measured: text.measuredEarly({ ns }),
    sentence: text.early({ at: moment(run, t), left, ns }),
    evidence: [evidence('events.ndjson', t, moved ?? run.moments.end, shared.resourceStatus)],
    figures: { earlySeconds: ns === undefined ? null : ns / SECOND },
    despiteHarness: true,
  })
}

function lateness(
  run: RunView,
  events: CrEvent[],
  moved: number | undefined,
  late: number,
  bound: string,
  open: (why: string, resolve: string) => AssertionResult,
): AssertionResult {
  const lastT = run.moments.fleetStopping ?? run.moments.end
  if (moved === undefined) return open(text.neverDone, settle.wholeRun)
  const goneT = Math.max(
    moved,
    ...run.nodes.flatMap((node) => (isMoved(run, node) ? (node.deletedT ?? []) : [])),
  )
  const settledEvent = events.find(({ t, settled }) => t >= moved - ORDER_NS && settled)
  const waited = (settledEvent?.t ?? lastT) - goneT
  const afterMoved = Math.max((settledEvent?.t ?? lastT) - moved, 0)
  const afterGone = Math.max(waited, 0)
  const parts = {
    bound,
    measured: settledEvent ? text.measured({ ns: afterMoved }) : text.measuredNever,
    figures: { afterMovedSeconds: afterMoved / SECOND, afterGoneSeconds: afterGone / SECOND },
    evidence: [evidence('events.ndjson', moved, settledEvent?.t ?? lastT, shared.resourceStatus)],
  }
  if (blindTo(run, 'cr', moved, settledEvent?.t ?? lastT)) return open(text.blind, settle.watches)
  const marked = run.moments.changeDone !== undefined && (events.at(-1)?.t ?? 0) < run.moments.changeDone
  if (!settledEvent && marked) return open(text.doneUnreported, settle.noMissingEvents)
  if (waited > late)
    return fail({
      ...parts,
      measured: settledEvent ? text.measuredLate({ ns: afterGone }) : text.measuredNever,
      sentence: settledEvent ? text.late({ ns: afterGone }) : text.never({ ns: afterGone }),
    })
  if (!settledEvent) return open(text.tooShort({ ns: afterGone }), text.tooShortSettle)
  // It reported the same all the while, and the move was too short for that to be wrong.
  if (!events.some(({ t, settled }) => t < settledEvent.t && t > (run.moments.trigger ?? 0) && !settled))
    return open(text.neverUnsettled, settle.wholeRun)
  return pass({ ...parts, sentence: text.held({ ns: afterMoved }) })
}

/** A count in the resource must have been true at some time since the operator's last poll. */
function numbers(run: RunView, events: CrEvent[], late: number, bound: string): AssertionResult | undefined {
  const tracks = new Map(tracksOf(run).map((track) => [track.node, track]))
  for (const event of events) {
    // What a watch brings after a gap may be older than it looks.
    if (blindTo(run, 'cr', event.t - late, event.t)) continue
    for (const evacuation of event.evacuations) {
      const track = tracks.get(run.nodeAt(evacuation.node, event.t) ?? -1)
      if (!track) continue
      const fromT = event.t - late
      const firstIn = track.samples.findIndex(({ t }) => t >= fromT)
      const lastIn = track.samples.findIndex(({ askedT }) => askedT > event.t + ORDER_NS)
      const end = lastIn < 0 ? track.samples.length : lastIn + 1
      const known = track.samples.slice(Math.max(firstIn - 1, 0), end)
      if (firstIn < 0 || known.length < 2) continue
      const counts = known.map(({ connected }) => connected)
      // Where no sample follows, fewer may have been left by then.
      const low = lastIn < 0 ? 0 : Math.min(...counts)
      const high = Math.max(...counts, evacuation.initialConnected)
      const top = firstIn === 0 ? high : Math.max(...counts)
      const reported = evacuation.currentConnected
      if (reported >= low && reported <= top) continue
      return fail({
        bound,
        measured: text.measuredCount({ reported, low, high: top }),
        sentence: text.wrongCount({
          at: moment(run, event.t),
          node: shortName(run, track.node),
          reported,
          low,
          high: top,
          ns: late,
        }),
        evidence: [
          evidence('events.ndjson', fromT, event.t, text.countsSeen({ node: shortName(run, track.node) })),
        ],
        figures: { told: reported, least: low, most: top },
      })
    }
  }
  return undefined
}
