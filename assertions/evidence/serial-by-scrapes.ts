import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'
import { SERIAL_BOUND } from './bound-texts.ts'
import { type Gauge, gaugesOf, widestHole } from './gauges.ts'
import { askedOf } from './requested.ts'
import { takeoverSeconds } from './tracks.ts'
import { atTrigger, SECOND, seconds, shortName } from './wording.ts'

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
      bound: SERIAL_BOUND,
      measured: 'unknown',
      why: 'neither EMQX nor the clients nor the gauges show an evacuation',
      settle: 'a record of a run in which a node is evacuated',
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

/** A node that waits its turn may lose a stray client, but nobody can come to it: the Service no longer names it. */
function rising(run: RunView, drains: Drain[]): AssertionResult | undefined {
  for (const { gauge, strayBy } of drains) {
    let low = gauge.samples[0]
    for (const sample of gauge.samples) {
      if (low && sample.value > low.value + strayBy)
        return fail({
          bound: SERIAL_BOUND,
          measured: `${gauge.metric} of ${shortName(run, gauge.node)} rose by ${Math.round(sample.value - low.value)}`,
          sentence: `${shortName(run, gauge.node)} rose from ${low.value} to ${sample.value} connections ${atTrigger(run, sample.t)}: an old node took in clients that another had evicted.`,
          evidence: [
            evidence('metrics.ndjson', low.t, sample.t, `${gauge.metric} of ${shortName(run, gauge.node)}`),
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
    const names = `${shortName(run, before.gauge.node)} and ${shortName(run, next.gauge.node)}`
    return fail({
      bound: SERIAL_BOUND,
      measured: `${(needed - spare).toFixed(1)} s too little between two nodes`,
      sentence: `${names} were evacuated at the same time: ${shortName(run, next.gauge.node)} fell to ${next.firstOff.value} ${atTrigger(run, next.firstOff.t)}, when ${shortName(run, before.gauge.node)} had not been empty for waitTakeover.`,
      evidence: [
        evidence('metrics.ndjson', before.lastOn.t, next.firstOff.t, `${before.gauge.metric} of ${names}`),
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
    bound: SERIAL_BOUND,
    measured: 'unknown',
    why: `${shortName(run, wide.gauge.node)} was not scraped for ${seconds(wide.ns)} from ${atTrigger(run, wide.fromT).replace('at ', '')}`,
    settle: 'a run whose scrapes have no hole',
  })
}

function passed(run: RunView, moving: Drain[]): AssertionResult {
  const inOrder = [...moving].sort((a, b) => (a.firstOff?.t ?? 0) - (b.firstOff?.t ?? 0))
  const names = inOrder.map(({ gauge }) => shortName(run, gauge.node))
  return pass({
    bound: SERIAL_BOUND,
    measured: names.join(', then '),
    sentence: `${names.join(', then ')}, with nobody on a node for waitTakeover before the next one fell (from ${inOrder[0]?.gauge.metric} alone).`,
    evidence: [
      evidence('metrics.ndjson', inOrder[0]?.firstOff?.t ?? 0, inOrder.at(-1)?.lastOn?.t ?? 0, 'old nodes'),
    ],
    figures: { evacuations: moving.length, metric: inOrder[0]?.gauge.metric ?? '' },
  })
}
