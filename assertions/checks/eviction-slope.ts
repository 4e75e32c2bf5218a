import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { type DrainWindow, drainWindow } from '../evidence/drain-window.ts'
import { type GaugeSamples, samplesByNode } from '../evidence/gauge-samples.ts'
import { mayEvictFrom } from '../evidence/may-evict.ts'
import { reconnectNs } from '../evidence/span.ts'
import { atTrigger, count, SECOND, seconds, shortName } from '../evidence/wording.ts'
import { theilSenSlope } from '../statistics/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** The seed's own evidence: the slope of each old node's gauge. Exact rates are eviction-envelope's. */
export const evictionSlope: Check<'eviction-slope'> = (run, bounds) => {
  const rate = run.parameters.connEvictRate
  const bound = `${(bounds.flattest * rate).toFixed(1)} to ${(bounds.steepest * rate).toFixed(1)}/s over a drain of at least ${bounds.drainSeconds} s`
  const said = run.nodes.flatMap((node, index) => {
    if (node.side !== 'old') return []
    const drain = drainOf(run, index)
    return drain === undefined ? [] : [examine(run, drain, bounds, bound)]
  })
  if (said.length === 0)
    return unknown({
      bound,
      measured: 'no drain',
      why: 'the gauge of no old node is seen to fall',
      settle: 'scrapes of the old nodes while they are drained',
    })
  const failed = said.find((one) => one.outcome === 'fail')
  const open = said.find((one) => one.outcome === 'inconclusive')
  const evidenceOfAll = said.flatMap((one) => one.evidence)
  if (failed !== undefined) return { ...failed, evidence: evidenceOfAll }
  if (open !== undefined) return open
  const slopes = said.map((one) => String(one.figures.slopePerSecond)).join(', ')
  return pass({
    bound,
    measured: `${slopes} per second`,
    sentence: `${count(said.length, 'drain')}, falling by ${slopes} a second (${said[0]!.figures.metric}).`,
    evidence: evidenceOfAll,
    figures: { drains: said.length, slopesPerSecond: slopes, metric: said[0]!.figures.metric ?? null },
  })
}

interface Drain extends DrainWindow {
  samples: GaugeSamples
  /** The channel count falls only when the client is back elsewhere, or never came. */
  isChannelCount: boolean
}

/** The live-connection gauge where the node has it, else the channel count. */
function drainOf(run: RunView, node: number): Drain | undefined {
  const { liveConnectionsMetric, connectionsMetric } = run.parameters.dialect
  const live = samplesByNode(run, liveConnectionsMetric).get(node)
  const samples = live ?? samplesByNode(run, connectionsMetric).get(node)
  if (samples === undefined) return undefined
  const least = 2 * run.parameters.connEvictRate
  const window = drainWindow(samples, least, mayEvictFrom(run, node), sessionEvictionT(run, node))
  return window === undefined ? undefined : { ...window, samples, isChannelCount: live === undefined }
}

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
  const width = bounds.widthSeconds + (drain.isChannelCount ? reconnectNs(run) / SECOND : 0)
  const steepest = steepestPair(samples, first, last, rate)
  // The ends of a drain are partial steps: the line goes through what lies between.
  const inner = innerOf(value)
  const slope = -theilSenSlope(t.subarray(...inner), value.subarray(...inner)) * SECOND
  const figures: AssertionResult['figures'] = {
    node: name,
    metric: samples.metric,
    readings: t.length,
    drainSeconds: Number(spanSeconds.toFixed(1)),
    slopePerSecond: Number.isFinite(slope) ? Number(slope.toFixed(2)) : null,
    ratePerSecond: rate,
  }
  const seen = [evidence('metrics.ndjson', t[0]!, t.at(-1)!, `${samples.metric} of ${name}`)]
  if (steepest.excess > rate * width)
    return fail({
      bound: `at most ${rate}/s, with ${width} s of slack`,
      measured: `${steepest.drop} in ${seconds(steepest.ns)}`,
      sentence: `The gauge of ${name} fell by ${steepest.drop} within ${seconds(steepest.ns)}, from ${atTrigger(run, steepest.fromT).replace('at ', '')} on, where ${rate}/s allows ${Math.floor(rate * (steepest.ns / SECOND + width))} (${samples.metric}).`,
      evidence: seen,
      figures,
    })
  const hole = widestHole(t)
  const open = whyOpen(run, drain, spanSeconds, hole, bounds)
  if (open !== undefined)
    return unknown({
      bound,
      measured: `${count(t.length, 'reading')} in ${spanSeconds.toFixed(0)} s`,
      why: `${name} has no slope to judge: ${open}`,
      settle: 'a longer drain (more clients or a lower rate), or scrapes without a gap',
      evidence: seen,
      figures,
    })
  const slack = bounds.staleSeconds / spanSeconds
  const isSteep = slope > rate * (bounds.steepest + slack)
  if (!isSteep && slope >= rate * (bounds.flattest - slack))
    return pass({
      bound,
      measured: `${figures.slopePerSecond}/s`,
      sentence: `${name} fell evenly.`,
      evidence: seen,
      figures,
    })
  return fail({
    bound,
    measured: `${figures.slopePerSecond}/s`,
    sentence: `The gauge of ${name} fell by ${figures.slopePerSecond} a second over ${spanSeconds.toFixed(0)} s, from ${atTrigger(run, t[0]!).replace('at ', '')} on: ${isSteep ? 'faster' : 'slower'} than the ${rate}/s configured (${samples.metric}).`,
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
  if (readings < bounds.samples) return `its drain was read only ${count(readings, 'time')}`
  if (spanSeconds < bounds.drainSeconds) return `its drain took only ${spanSeconds.toFixed(0)} s`
  const usual = run.parameters.scrapeIntervalSeconds * SECOND
  if (holeNs > 3 * usual + 5 * SECOND) return `it was not scraped for ${seconds(holeNs)} of its drain`
  return undefined
}
