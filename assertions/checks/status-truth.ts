import type { CrEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { openAt, tracksOf } from '../evidence/tracks.ts'
import { blindTo } from '../evidence/watches.ts'
import { atTrigger, SECOND, seconds, shortName } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** Watches of different objects are heard in no particular order within this time. */
const ORDER_NS = SECOND

/** A resource that says done too early ends deadlines, alarms and scripts too early (seed O10; contract R2, R11). */
export const statusTruth: Check<'status-truth'> = (run, bounds) => {
  const late = (run.parameters.pollIntervalSeconds + bounds.lateSeconds) * SECOND
  const bound = `never settled before the last old node is empty and on its way out, at most ${seconds(late)} after`
  const open = (why: string, settle: string) => unknown({ bound, measured: 'unknown', why, settle })
  const events = run.of('cr')
  const begun = underwayT(run)
  if (events.length === 0) return open('nothing was heard of the resource', 'a run that watches the resource')
  if (begun === undefined) return open('nothing was moved', 'a run with an upgrade')
  const moved = movedT(run)
  return (
    early(run, events, begun, moved, late, bound) ??
    numbers(run, events, late, bound) ??
    lateness(run, events, moved, late, bound, open)
  )
}

/** From here on something is being moved, whoever says so first. */
function underwayT(run: RunView): number | undefined {
  const times = [run.moments.firstEviction, tracksOf(run)[0]?.samples[0]?.t].filter((t) => t !== undefined)
  return times.length > 0 ? Math.min(...times) : undefined
}

/** When nothing was left to move: every old pod deleted, being deleted or out of its set. Undefined when never. */
function movedT(run: RunView): number | undefined {
  const old = run.nodes.filter((node) => node.side === 'old')
  const times = old.map((node) => outT(run, node))
  if (times.length === 0 || times.some((t) => t === undefined)) return undefined
  return Math.max(...times.map((t) => t ?? 0))
}

/** When a pod was on its way out, by whichever was heard first: its own deletion or its set's new size. */
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
  // It never took back what it said before the first eviction, and has had time to.
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
    return node.side === 'old' && gone > t
      ? [`${shortName(run, index)} with ${openAt(run, index, t)} clients`]
      : []
  })
  const ahead =
    moved === undefined ? 'and they never went' : `${seconds(moved - t)} before the last of them was done`
  return fail({
    bound,
    measured: moved === undefined ? 'settled, never done' : `${seconds(moved - t)} early`,
    sentence: `The resource said that it was settled ${atTrigger(run, t)} while ${left.join(', ') || 'old nodes'} had still to be moved, ${ahead}.`,
    evidence: [evidence('events.ndjson', t, moved ?? run.moments.end, 'status of the resource')],
    figures: { earlySeconds: moved === undefined ? null : (moved - t) / SECOND },
    despiteHarness: true,
  })
}

function lateness(
  run: RunView,
  events: CrEvent[],
  moved: number | undefined,
  late: number,
  bound: string,
  open: (why: string, settle: string) => AssertionResult,
): AssertionResult {
  const lastT = run.moments.fleetStopping ?? run.moments.end
  if (moved === undefined)
    return open('the old nodes were not all done when the record ends', 'a run that goes on to its end')
  const goneT = Math.max(
    moved,
    ...run.nodes.flatMap((node) => (node.side === 'old' ? (node.deletedT ?? []) : [])),
  )
  const said = events.find(({ t, settled }) => t >= moved - ORDER_NS && settled)
  const waited = (said?.t ?? lastT) - goneT
  const afterMoved = Math.max((said?.t ?? lastT) - moved, 0)
  const afterGone = Math.max(waited, 0)
  const parts = {
    bound,
    measured: said ? `settled ${seconds(afterMoved)} after` : 'never settled',
    figures: { afterMovedSeconds: afterMoved / SECOND, afterGoneSeconds: afterGone / SECOND },
    evidence: [evidence('events.ndjson', moved, said?.t ?? lastT, 'status of the resource')],
  }
  if (blindTo(run, 'cr', moved, said?.t ?? lastT))
    return open('the watch of the resource was lost about then', 'a run whose watch has no gap')
  const marked = run.moments.upgradeDone !== undefined && (events.at(-1)?.t ?? 0) < run.moments.upgradeDone
  if (!said && marked)
    return open(
      'the upgrade was marked as done, yet no status of the resource says so',
      'a record without missing events',
    )
  if (waited > late)
    return fail({
      ...parts,
      measured: said ? `settled ${seconds(afterGone)} after the last old pod was gone` : 'never settled',
      sentence: said
        ? `The resource said that it was settled only ${seconds(afterGone)} after the last old pod was gone.`
        : `The last old pod was gone for ${seconds(afterGone)}, and the resource never said that it was settled.`,
    })
  if (!said)
    return open(`the record ends ${seconds(afterGone)} after the last old pod was gone`, 'a longer hold')
  return pass({
    ...parts,
    sentence: `The resource said that it was settled ${seconds(afterMoved)} after the last old node was done, and not before.`,
  })
}

/** What the resource says of a node must have been true at some time since the operator's last look. */
function numbers(run: RunView, events: CrEvent[], late: number, bound: string): AssertionResult | undefined {
  const tracks = new Map(tracksOf(run).map((track) => [track.node, track]))
  for (const event of events) {
    // What a watch brings after a gap may be older than it looks.
    if (blindTo(run, 'cr', event.t - late, event.t)) continue
    for (const told of event.evacuations) {
      const track = tracks.get(run.nodeByName.get(told.node) ?? -1)
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
      const high = Math.max(...counts, told.initialConnected)
      const top = firstIn === 0 ? high : Math.max(...counts)
      if (told.currentConnected >= low && told.currentConnected <= top) continue
      return fail({
        bound,
        measured: `${told.currentConnected} told, ${low} to ${top} true`,
        sentence: `The resource said ${atTrigger(run, event.t)} that ${shortName(run, track.node)} had ${told.currentConnected} connections; EMQX itself counted ${low} to ${top} in the ${seconds(late)} before.`,
        evidence: [evidence('events.ndjson', fromT, event.t, `counts of ${shortName(run, track.node)}`)],
        figures: { told: told.currentConnected, least: low, most: top },
      })
    }
  }
  return undefined
}
