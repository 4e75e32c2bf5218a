import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'
import { isByPod } from './by-pod.ts'
import { type Gauge, gaugesOf, widestHole } from './gauges.ts'
import { askedOf } from './requested.ts'
import { serialBound } from './serial-bound.ts'
import { takeoverSeconds } from './tracks.ts'
import { moment, SECOND, shortName } from './wording.ts'

const text = MESSAGES['evacuation-serial']
const { settle, shared } = MESSAGES

/** A gauge is up to two seconds old, and evictions come in ticks of one. */
const SLACK_SECONDS = 3

interface Drain {
  gauge: Gauge
  /** The most it may stray while it waits its turn. */
  strayBy: number
  high: number
  /** Last sample with more than strays on it, first sample below its plateau. */
  lastOn?: { t: number; value: number }
  firstOff?: { t: number; value: number }
}

/** One node at a time as far as gauges alone show it: for recordings of which nothing else is left. */
export function serialByScrapes(run: RunView, bounds: Bounds<'evacuation-serial'>): AssertionResult {
  const drains = gaugesOf(run, 'old').map((gauge) => drainOf(run, gauge, bounds))
  const moving = drains.filter((drain) => drain.firstOff !== undefined)
  if (moving.length === 0)
    return unknown({
      bound: serialBound(run),
      measured: shared.unknown,
      why: text.nothingShown,
      settle: settle.evacuation,
    })
  return rising(run, drains) ?? overlapping(run, moving) ?? hole(run, moving) ?? passed(run, moving)
}

function drainOf(run: RunView, gauge: Gauge, bounds: Bounds<'evacuation-serial'>): Drain {
  const samples = gauge.samples.filter(({ t }) => t >= (run.moments.trigger ?? 0))
  const high = Math.max(...samples.map(({ value }) => value))
  const strayBy = Math.max(bounds.flatShare * high, bounds.flatCount)
  return {
    gauge: { ...gauge, samples },
    strayBy,
    high,
    lastOn: samples.findLast(({ value }) => value > strayBy),
    firstOff: samples.find(({ value }) => value < high - strayBy),
  }
}

/**
 * A node before its evacuation may lose a stray client but gains none: the Service no longer leads to it. Where pods are replaced one by one it
 * takes what the others evict.
 */
function rising(run: RunView, drains: Drain[]): AssertionResult | undefined {
  if (isByPod(run)) return undefined
  for (const { gauge, strayBy } of drains) {
    let low = gauge.samples[0]
    for (const sample of gauge.samples) {
      if (low && sample.value > low.value + strayBy)
        return fail({
          bound: serialBound(run),
          measured: text.measuredRise({
            metric: gauge.metric,
            node: shortName(run, gauge.node),
            by: Math.round(sample.value - low.value),
          }),
          sentence: text.rise({
            node: shortName(run, gauge.node),
            from: low.value,
            to: sample.value,
            at: moment(run, sample.t),
          }),
          evidence: [
            evidence(
              'metrics.ndjson',
              low.t,
              sample.t,
              shared.gaugeOf({ metric: gauge.metric, node: shortName(run, gauge.node) }),
            ),
          ],
          figures: { roseBy: sample.value - low.value, metric: gauge.metric },
        })
      if (!low || sample.value < low.value) low = sample
    }
  }
  return undefined
}

/** Between the last clients of one node and the first of the next lie the waits of EMQX and the time both take. */
function overlapping(run: RunView, moving: Drain[]): AssertionResult | undefined {
  const inOrder = [...moving].sort((a, b) => (a.firstOff?.t ?? 0) - (b.firstOff?.t ?? 0))
  const rate = askedOf(run).connEvictRate
  const wait = takeoverSeconds(run) + run.parameters.dialect.healthCheckWaitSeconds
  for (let i = 1; i < inOrder.length; i++) {
    const [before, next] = [inOrder[i - 1], inOrder[i]]
    if (!before?.lastOn || !next?.firstOff) continue
    const spare = (next.firstOff.t - before.lastOn.t) / SECOND + SLACK_SECONDS
    const needed = (before.lastOn.value + next.high - next.firstOff.value) / rate + wait
    if (needed <= spare) continue
    const names = [shortName(run, before.gauge.node), shortName(run, next.gauge.node)] as const
    return fail({
      bound: serialBound(run),
      measured: text.measuredOverlap({ seconds: needed - spare }),
      sentence: text.overlap({
        before: names[0],
        next: names[1],
        value: next.firstOff.value,
        at: moment(run, next.firstOff.t),
      }),
      evidence: [
        evidence(
          'metrics.ndjson',
          before.lastOn.t,
          next.firstOff.t,
          shared.gaugeOf({ metric: before.gauge.metric, node: names.join(', ') }),
        ),
      ],
      figures: { neededSeconds: needed, spareSeconds: spare, metric: before.gauge.metric },
    })
  }
  return undefined
}

function hole(run: RunView, moving: Drain[]): AssertionResult | undefined {
  const longest = 2.5 * run.parameters.scrapeIntervalSeconds * SECOND
  const wide = moving.map(({ gauge }) => ({ gauge, ...widestHole(gauge) })).find(({ ns }) => ns > longest)
  if (!wide) return undefined
  return unknown({
    bound: serialBound(run),
    measured: shared.unknown,
    why: text.hole({ node: shortName(run, wide.gauge.node), ns: wide.ns, at: moment(run, wide.fromT) }),
    settle: text.holeSettle,
  })
}

function passed(run: RunView, moving: Drain[]): AssertionResult {
  const inOrder = [...moving].sort((a, b) => (a.firstOff?.t ?? 0) - (b.firstOff?.t ?? 0))
  const names = inOrder.map(({ gauge }) => shortName(run, gauge.node))
  return pass({
    bound: serialBound(run),
    measured: text.measured({ nodes: names }),
    sentence: text.heldByScrapes({ nodes: names, metric: inOrder[0]?.gauge.metric ?? '' }),
    evidence: [
      evidence(
        'metrics.ndjson',
        inOrder[0]?.firstOff?.t ?? 0,
        inOrder.at(-1)?.lastOn?.t ?? 0,
        text.oldGaugesSeen,
      ),
    ],
    figures: { evacuations: moving.length, metric: inOrder[0]?.gauge.metric ?? '' },
  })
}
