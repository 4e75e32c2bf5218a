import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { CRASH_REPORT_NS, crashesOf } from '../evidence/crashes.ts'
import { type DrainWindow, drainWindow } from '../evidence/drain-window.ts'
import { type GaugeSamples, samplesByNode } from '../evidence/gauge-samples.ts'
import { mayEvictFrom } from '../evidence/may-evict.ts'
import { reconnectNs } from '../evidence/span.ts'
import { mayHaveDrained } from '../evidence/unscraped.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { theilSenSlope } from '../statistics/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['eviction-slope']
const { shared } = MESSAGES

/** What the upgrade's own graph shows (docs/contract/upgrade.md#graph). Exact rates are judged by eviction-envelope. */
export const evictionSlope: Check<'eviction-slope'> = (run, bounds) => {
  const rate = run.parameters.connEvictRate
  const bound = text.bound({
    least: bounds.flattest * rate,
    most: bounds.steepest * rate,
    drainSeconds: bounds.drainSeconds,
  })
  const results = run.nodes.flatMap((node, index) => {
    if (node.side !== 'old') return []
    const samples = samplesOf(run, index)
    if (samples === undefined) return []
    const drain = drainOf(run, samples)
    return drain === undefined ? [] : [examine(run, drain, bounds, bound)]
  })
  if (results.length === 0)
    return unknown({
      bound,
      ...text.noDrain,
      settle: text.noDrainSettle,
    })
  const failed = results.find((one) => one.outcome === 'fail')
  const open = results.find((one) => one.outcome === 'inconclusive')
  const evidenceOfAll = results.flatMap((one) => one.evidence)
  if (failed !== undefined) return { ...failed, evidence: evidenceOfAll }
  if (open !== undefined) return open
  const unseen = unseenDrain(run)
  if (unseen !== undefined)
    return unknown({
      bound,
      measured: text.measuredReadings({ readings: 0, spanSeconds: 0 }),
      why: text.notJudged({ node: shortName(run, unseen), why: text.noReading }),
      settle: text.noDrainSettle,
      evidence: evidenceOfAll,
    })
  const slopes = results.map((one) => String(one.figures.slopePerSecond))
  return pass({
    bound,
    measured: text.measuredAll({ slopes }),
    sentence: text.held({ drains: results.length, slopes, metric: String(results[0]!.figures.metric) }),
    evidence: evidenceOfAll,
    figures: {
      drains: results.length,
      slopesPerSecond: slopes.join(', '),
      metric: results[0]!.figures.metric ?? null,
    },
  })
}

interface Samples extends GaugeSamples {
  /** The channel count falls only when the client is back elsewhere, or never came. */
  isChannelCount: boolean
}

interface Drain extends DrainWindow {
  samples: Samples
}

/** The live-connection gauge where the node has it, else the channel count. */
function samplesOf(run: RunView, node: number): Samples | undefined {
  const { liveConnectionsMetric, connectionsMetric } = run.parameters.dialect
  const live = samplesByNode(run, liveConnectionsMetric).get(node)
  const samples = live ?? samplesByNode(run, connectionsMetric).get(node)
  return samples && { ...samples, isChannelCount: live === undefined }
}

/** A smaller fall is no drain. */
const leastDrain = (run: RunView) => 2 * run.parameters.connEvictRate

function drainOf(run: RunView, samples: Samples): Drain | undefined {
  const { node } = samples
  const untilT = Math.min(sessionEvictionT(run, node), crashT(run, node))
  const window = drainWindow(samples, leastDrain(run), mayEvictFrom(run, node), untilT)
  return window && { ...window, samples }
}

/** An old node that may have been drained while no scrape of it succeeded. */
function unseenDrain(run: RunView): number | undefined {
  const node = run.nodes.findIndex(
    ({ side }, index) =>
      side === 'old' && samplesOf(run, index) === undefined && mayHaveDrained(run, index, leastDrain(run)),
  )
  return node < 0 ? undefined : node
}

/** A node that crashes loses its clients at once, a few seconds before its pod's status shows it: that is no drain. */
const crashT = (run: RunView, node: number) =>
  (crashesOf(run).find((crash) => crash.node === node)?.t ?? Number.POSITIVE_INFINITY) - CRASH_REPORT_NS

function sessionEvictionT(run: RunView, node: number): number {
  const states = run.evacuations.filter((one) => one.node === node).flatMap((one) => one.states)
  return states.find((one) => one.state === 'evicting_sessions')?.seenT ?? Number.POSITIVE_INFINITY
}

function examine(
  run: RunView,
  drain: Drain,
  bounds: Bounds<'eviction-slope'>,
  bound: string,
): AssertionResult {
  const rate = run.parameters.connEvictRate
  const { samples, first, last } = drain
  const name = shortName(run, samples.node)
  const t = samples.t.subarray(first, last + 1)
  const value = samples.value.subarray(first, last + 1)
  const spanSeconds = (t.at(-1)! - t[0]!) / SECOND
  const width = bounds.widthSeconds + (samples.isChannelCount ? reconnectNs(run) / SECOND : 0)
  const steepest = steepestPair(samples, first, last, rate)
  // The ends of a drain are partial steps: the line goes through what lies between.
  const inner = innerOf(value)
  const slope = -theilSenSlope(t.subarray(...inner), value.subarray(...inner)) * SECOND
  const slopePerSecond = Number.isFinite(slope) ? Number(slope.toFixed(2)) : null
  const figures: AssertionResult['figures'] = {
    node: name,
    metric: samples.metric,
    readings: t.length,
    drainSeconds: Number(spanSeconds.toFixed(1)),
    slopePerSecond,
    ratePerSecond: rate,
  }
  const seen = [
    evidence('metrics.ndjson', t[0]!, t.at(-1)!, shared.gaugeOf({ metric: samples.metric, node: name })),
  ]
  if (steepest.excess > rate * width)
    return fail({
      bound: text.boundSteepest({ rate, width }),
      measured: text.measuredDrop({ drop: steepest.drop, ns: steepest.ns }),
      sentence: text.steep({
        node: name,
        drop: steepest.drop,
        ns: steepest.ns,
        at: moment(run, steepest.fromT),
        rate,
        allowed: Math.floor(rate * (steepest.ns / SECOND + width)),
        metric: samples.metric,
      }),
      evidence: seen,
      figures,
    })
  const hole = widestHole(t)
  const open = whyOpen(run, drain, spanSeconds, hole, bounds)
  if (open !== undefined)
    return unknown({
      bound,
      measured: text.measuredReadings({ readings: t.length, spanSeconds }),
      why: text.notJudged({ node: name, why: open }),
      settle: text.notJudgedSettle,
      evidence: seen,
      figures,
    })
  const slack = bounds.staleSeconds / spanSeconds
  const isSteep = slope > rate * (bounds.steepest + slack)
  if (!isSteep && slope >= rate * (bounds.flattest - slack))
    return pass({
      bound,
      measured: text.measuredSlope({ slope: slopePerSecond }),
      sentence: text.heldOne({ node: name }),
      evidence: seen,
      figures,
    })
  return fail({
    bound,
    measured: text.measuredSlope({ slope: slopePerSecond }),
    sentence: text.wrongSlope({
      node: name,
      slope: slopePerSecond,
      spanSeconds,
      at: moment(run, t[0]!),
      isSteep,
      rate,
      metric: samples.metric,
    }),
    evidence: seen,
    figures,
  })
}

/** The pair of readings whose drop exceeds `rate` the most, in one pass: the longest fall of value + rate·t. */
function steepestPair(samples: GaugeSamples, first: number, last: number, rate: number) {
  const worst = { excess: Number.NEGATIVE_INFINITY, drop: 0, ns: 0, fromT: 0 }
  let top = first
  const height = (i: number, t: number) => samples.value[i]! + (rate * (t - samples.t[first]!)) / SECOND
  for (let j = first + 1; j <= last; j++) {
    // An earlier reading is as old as its question, a later one as new as its answer: the widest time between.
    if (height(j - 1, samples.askedT[j - 1]!) > height(top, samples.askedT[top]!)) top = j - 1
    const excess = height(top, samples.askedT[top]!) - height(j, samples.t[j]!)
    if (excess <= worst.excess) continue
    worst.excess = excess
    worst.drop = samples.value[top]! - samples.value[j]!
    worst.fromT = samples.askedT[top]!
    worst.ns = samples.t[j]! - worst.fromT
  }
  return worst
}

function innerOf(value: Float64Array): [number, number] {
  return value.length > 4 ? [1, value.length - 1] : [0, value.length]
}

function widestHole(t: Float64Array): number {
  let widest = 0
  for (let i = 1; i < t.length; i++) widest = Math.max(widest, t[i]! - t[i - 1]!)
  return widest
}

function whyOpen(
  run: RunView,
  drain: Drain,
  spanSeconds: number,
  holeNs: number,
  bounds: Bounds<'eviction-slope'>,
): string | undefined {
  const readings = drain.last - drain.first + 1
  if (readings < bounds.samples) return text.fewReadings({ readings })
  if (spanSeconds < bounds.drainSeconds) return text.shortDrain({ spanSeconds })
  const usual = run.parameters.scrapeIntervalSeconds * SECOND
  if (holeNs > 3 * usual + 5 * SECOND) return text.hole({ ns: holeNs })
  return undefined
}
