import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { SERIAL_BOUND } from '../evidence/bound-texts.ts'
import { disordered } from '../evidence/disorder.ts'
import { handovers } from '../evidence/handover.ts'
import { serialByScrapes } from '../evidence/serial-by-scrapes.ts'
import { evictionSpans, type Track, tracksOf } from '../evidence/tracks.ts'
import { atTrigger, SECOND, seconds, shortName } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** Two evacuations at once would evict at twice the rate, which is the rate of a storm (seed B32). */
export const evacuationSerial: Check<'evacuation-serial'> = (run, bounds) => {
  const tracks = tracksOf(run).filter((track) => run.nodes[track.node]?.side === 'old')
  const spans = evictionSpans(run)
  if (tracks.length === 0 && run.connections.length === 0) return serialByScrapes(run, bounds)
  if (tracks.length === 0 && spans.size === 0)
    return open('no evacuation is in the record', 'a run in which a node is evacuated')
  return (
    together(run) ??
    interleaved(run) ??
    disordered(run, tracks) ??
    handovers(run, tracks, bounds) ??
    sampling(run, tracks, bounds.sampleSeconds ?? 2, bounds.gapSeconds ?? 5) ??
    passed(run, tracks)
  )
}

const open = (why: string, settle: string): AssertionResult =>
  unknown({ bound: SERIAL_BOUND, measured: 'unknown', why, settle })

/** One answer of EMQX that names two nodes at work. */
function together(run: RunView): AssertionResult | undefined {
  for (const event of run.of('evacuation')) {
    const active = event.evacuations.filter(({ state }) => state !== 'prohibiting')
    const undone = event.evacuations.filter(
      (one) => one.state === 'prohibiting' && one.currentConnected + one.currentSessions > 0,
    )
    if (active.length < 2 && !(active.length === 1 && undone.length > 0)) continue
    const names = [...active, ...undone].map(({ node, state }) => {
      const index = run.nodeByName.get(node)
      return `${index === undefined ? node : shortName(run, index)} (${state})`
    })
    return fail({
      bound: SERIAL_BOUND,
      measured: `${names.length} nodes at once`,
      sentence: `${names.join(' and ')} were being evacuated at the same time ${atTrigger(run, event.t)}.`,
      evidence: [evidence('events.ndjson', event.t, event.t, `evacuation status asked of ${event.via}`)],
      figures: { nodesAtOnce: names.length },
    })
  }
  return undefined
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
      bound: SERIAL_BOUND,
      measured: `two nodes for ${seconds(overlap)}`,
      sentence: `${shortName(run, first)} and ${shortName(run, second)} evicted clients at the same time for ${seconds(overlap)} from ${atTrigger(run, later.fromT).replace('at ', '')}.`,
      evidence: [evidence('clients.arrow', later.fromT, later.fromT + overlap, 'evictions of both nodes')],
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
  if (tracks.length === 0)
    return open(
      "EMQX's evacuation status was never sampled while a node was evacuated",
      'samples every second or two',
    )
  if (run.parameters.sampleIntervalSeconds > slowest)
    return open(
      `EMQX was asked only every ${run.parameters.sampleIntervalSeconds} s`,
      `samples every ${slowest} s`,
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
  return open(
    `EMQX was not asked for ${seconds(widest.ns)} from ${atTrigger(run, widest.fromT).replace('at ', '')}`,
    'a run whose evacuation status is sampled without a pause',
  )
}

function passed(run: RunView, tracks: Track[]): AssertionResult {
  const names = tracks.map((track) => shortName(run, track.node))
  const fromT = tracks[0]?.samples[0]?.t ?? 0
  const toT = tracks.at(-1)?.samples.at(-1)?.t ?? fromT
  return pass({
    bound: SERIAL_BOUND,
    measured: names.join(', then '),
    sentence:
      names.length === 1
        ? `${names[0]} alone was evacuated.`
        : `${names.join(', then ')}: each was empty before the next began.`,
    evidence: [evidence('events.ndjson', fromT, toT, 'evacuation status')],
    figures: { evacuations: tracks.length },
  })
}
