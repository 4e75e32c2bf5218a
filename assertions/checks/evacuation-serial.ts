import type { Evacuation, EvacuationEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { disordered } from '../evidence/disorder.ts'
import { handovers } from '../evidence/handover.ts'
import { serialBound } from '../evidence/serial-bound.ts'
import { serialByScrapes } from '../evidence/serial-by-scrapes.ts'
import { evictionSpans, type Track, tracksOf } from '../evidence/tracks.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['evacuation-serial']
const { settle, shared } = MESSAGES

/** Two evacuations at once evict at twice the rate (docs/contract/emqx.md#eviction-rate). */
export const evacuationSerial: Check<'evacuation-serial'> = (run, bounds) => {
  const tracks = tracksOf(run).filter((track) => run.nodes[track.node]?.side === 'old')
  const spans = evictionSpans(run)
  if (tracks.length === 0 && run.connections.length === 0) return serialByScrapes(run, bounds)
  if (tracks.length === 0 && spans.size === 0) return open(run, text.noEvacuation, settle.evacuation)
  const { nodesAtOnce = 1 } = run.parameters
  const known = () => sampling(run, tracks, bounds.sampleSeconds ?? 2, bounds.gapSeconds ?? 5)
  // With several at once nothing else is certain of their order.
  if (nodesAtOnce > 1) return tooMany(run, nodesAtOnce) ?? known() ?? passed(run, tracks, text.heldAtOnce)
  return (
    together(run) ??
    interleaved(run) ??
    disordered(run, tracks) ??
    handovers(run, tracks, bounds) ??
    known() ??
    passed(run, tracks, text.held)
  )
}

const open = (run: RunView, why: string, resolve: string): AssertionResult =>
  unknown({ bound: serialBound(run), measured: shared.unknown, why, settle: resolve })

/** One answer of EMQX that shows two evacuations under way. */
function together(run: RunView): AssertionResult | undefined {
  for (const event of run.of('evacuation')) {
    const active = event.evacuations.filter(({ state }) => state !== 'prohibiting')
    const undone = event.evacuations.filter(
      (one) => one.state === 'prohibiting' && one.currentConnected + one.currentSessions > 0,
    )
    if (active.length < 2 && !(active.length === 1 && undone.length > 0)) continue
    return atOnce(run, event, [...active, ...undone])
  }
  return undefined
}

/** One that shows more than one core, or more replicants than may be away. */
function tooMany(run: RunView, most: number): AssertionResult | undefined {
  for (const event of run.of('evacuation')) {
    const active = event.evacuations.filter(({ state }) => state !== 'prohibiting')
    const isReplicant = ({ node }: Evacuation) =>
      run.nodes[run.nodeAt(node, event.t) ?? -1]?.role === 'replicant'
    const replicants = active.filter(isReplicant).length
    if (replicants > most || active.length - replicants > 1) return atOnce(run, event, active)
  }
  return undefined
}

function atOnce(run: RunView, event: EvacuationEvent, evacuations: readonly Evacuation[]): AssertionResult {
  const names = evacuations.map(({ node, state }) => {
    const index = run.nodeAt(node, event.t)
    return text.nodeInState({ node: index === undefined ? node : shortName(run, index), state })
  })
  return fail({
    bound: serialBound(run),
    measured: text.measuredTogether({ nodes: names.length }),
    sentence: text.together({ nodes: names, at: moment(run, event.t) }),
    evidence: [evidence('events.ndjson', event.t, event.t, text.statusSeen(event))],
    figures: { nodesAtOnce: names.length },
  })
}

/** Two old nodes that lost clients in turns, as the clients saw it. A burst alone is a crash, not an evacuation. */
function interleaved(run: RunView): AssertionResult | undefined {
  const spans = [...evictionSpans(run)].filter(([, span]) => span.toT - span.fromT >= 2 * SECOND)
  spans.sort(([, a], [, b]) => a.fromT - b.fromT)
  for (let i = 1; i < spans.length; i++) {
    const [first, earlier] = spans[i - 1] ?? [0, undefined]
    const [second, later] = spans[i] ?? [0, undefined]
    if (!earlier || !later || later.fromT >= earlier.toT) continue
    const overlap = Math.min(earlier.toT, later.toT) - later.fromT
    if (overlap < SECOND) continue
    return fail({
      bound: serialBound(run),
      measured: text.measuredInterleaved({ ns: overlap }),
      sentence: text.interleaved({
        nodes: [shortName(run, first), shortName(run, second)],
        ns: overlap,
        at: moment(run, later.fromT),
      }),
      evidence: [evidence('clients.arrow', later.fromT, later.fromT + overlap, text.interleavedSeen)],
      figures: { overlapSeconds: overlap / SECOND, nodesAtOnce: 2 },
    })
  }
  return undefined
}

function sampling(
  run: RunView,
  tracks: Track[],
  slowest: number,
  longest: number,
): AssertionResult | undefined {
  if (tracks.length === 0) return open(run, text.neverSampled, text.neverSampledSettle)
  if (run.parameters.sampleIntervalSeconds > slowest)
    return open(
      run,
      text.sampledSlowly({ seconds: run.parameters.sampleIntervalSeconds }),
      text.sampledSlowlySettle({ seconds: slowest }),
    )
  const from = tracks[0]?.samples[0]?.t ?? 0
  const to = Math.max(...tracks.map((track) => track.samples.at(-1)?.t ?? 0))
  const times = run.of('evacuation').flatMap(({ t }) => (t >= from && t <= to ? [t] : []))
  let widest = { fromT: 0, ns: 0 }
  for (let i = 1; i < times.length; i++) {
    const ns = (times[i] ?? 0) - (times[i - 1] ?? 0)
    if (ns > widest.ns) widest = { fromT: times[i - 1] ?? 0, ns }
  }
  if (widest.ns <= longest * SECOND) return undefined
  return open(run, text.pause({ ns: widest.ns, at: moment(run, widest.fromT) }), settle.samplesWithoutPause)
}

function passed(run: RunView, tracks: Track[], held: (v: { nodes: string[] }) => string): AssertionResult {
  const names = tracks.map((track) => shortName(run, track.node))
  const fromT = tracks[0]?.samples[0]?.t ?? 0
  const toT = tracks.at(-1)?.samples.at(-1)?.t ?? fromT
  return pass({
    bound: serialBound(run),
    measured: text.measured({ nodes: names }),
    sentence: held({ nodes: names }),
    evidence: [evidence('events.ndjson', fromT, toT, shared.evacuationStatus)],
    figures: { evacuations: tracks.length },
  })
}
