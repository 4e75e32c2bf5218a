import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { connectedCounts } from '../evidence/connected-counts.ts'
import { type GaugeSamples, samplesByNode } from '../evidence/gauge-samples.ts'
import { type Others, othersOf } from '../evidence/others.ts'
import { type ParkedSessions, parkedSessions } from '../evidence/parked-sessions.ts'
import { judgedSpan } from '../evidence/span.ts'
import { STALL_REACH_NS, worstStall } from '../evidence/stall.ts'
import { unscraped } from '../evidence/unscraped.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { rangeWithin, type StepCount } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['gauge-truth']
const { settle, shared } = MESSAGES

const NONE: StepCount = { t: new Float64Array(0), value: new Float64Array(0) }

/** Upgrades are watched on these gauges, so they must be right (docs/contract/emqx.md#gauges). */
export const gaugeTruth: Check<'gauge-truth'> = (run, bounds) => {
  const bound = text.bound(bounds)
  if (run.connections.length === 0)
    return unknown({
      bound,
      measured: shared.unknown,
      why: text.noClients,
      settle: settle.clientEvents,
    })
  const checked = checkAll(run, bounds)
  const readings = checked.reduce((sum, one) => sum + one.readings, 0)
  const unchecked =
    checked.reduce((sum, one) => sum + one.unchecked, 0) + failedScrapes(run) + missingReadings(run)
  const coverage = readings / Math.max(1, readings + unchecked)
  const wrongGauges = checked
    .filter((one) => one.wrong >= bounds.readings)
    .sort((a, b) => b.worst.off - a.worst.off)
  const metrics = [...new Set(checked.map((one) => one.metric))]
  const figures = {
    readings,
    wrong: checked.reduce((sum, one) => sum + one.wrong, 0),
    coverage: Number(coverage.toFixed(4)),
    metrics: metrics.join(', '),
  }
  const [first] = wrongGauges
  if (first !== undefined) {
    const { worst } = first
    return fail({
      bound,
      measured: text.measuredWrong(worst),
      sentence: text.wrong({
        ...worst,
        metric: first.metric,
        node: shortName(run, first.node),
        at: moment(run, worst.t),
        wrong: first.wrong,
        readings: first.readings,
        others: wrongGauges.length - 1,
      }),
      evidence: [
        evidence(
          'metrics.ndjson',
          first.firstT,
          first.lastT,
          shared.gaugeOf({ metric: first.metric, node: shortName(run, first.node) }),
        ),
        evidence('clients.arrow', first.firstT, first.lastT, text.connectionsSeen),
      ],
      figures,
    })
  }
  if (readings === 0 || coverage < bounds.coverage)
    return unknown({
      bound,
      ...text.fewChecked({ coverage, readings, all: readings + unchecked }),
      settle: text.fewCheckedSettle,
      figures,
    })
  const { fromT, toT } = judgedSpan(run)
  return pass({
    bound,
    measured: text.measured(figures),
    sentence: text.held({ ...figures, metrics }),
    evidence: [evidence('metrics.ndjson', fromT, toT, metrics.join(', '))],
    figures,
  })
}

interface Checked {
  node: number
  metric: string
  readings: number
  unchecked: number
  wrong: number
  firstT: number
  lastT: number
  worst: { t: number; value: number; least: number; most: number; off: number }
}

function checkAll(run: RunView, bounds: Bounds<'gauge-truth'>): Checked[] {
  const { connectionsMetric, liveConnectionsMetric } = run.parameters.dialect
  const counts = connectedCounts(run)
  const parked = parkedSessions(run)
  const others = othersOf(run)
  const checked: Checked[] = []
  for (const metric of new Set([liveConnectionsMetric, connectionsMetric]))
    for (const samples of samplesByNode(run, metric).values())
      checked.push(
        check(
          run,
          samples,
          counts.onNode,
          metric === liveConnectionsMetric ? undefined : parked,
          others,
          bounds,
        ),
      )
  return checked
}

/** `parked` is given for the channel count, which sessions without a client raise. */
function check(
  run: RunView,
  samples: GaugeSamples,
  onNode: ReadonlyMap<number, StepCount>,
  parked: ParkedSessions | undefined,
  others: Others,
  bounds: Bounds<'gauge-truth'>,
): Checked {
  const { fromT, toT } = judgedSpan(run)
  const found: Checked = {
    node: samples.node,
    metric: samples.metric,
    readings: 0,
    unchecked: 0,
    wrong: 0,
    firstT: Number.POSITIVE_INFINITY,
    lastT: 0,
    worst: { t: 0, value: 0, least: 0, most: 0, off: 0 },
  }
  const here = onNode.get(samples.node) ?? NONE
  const somewhere = onNode.get(-1) ?? NONE
  for (let i = 0; i < samples.t.length; i++) {
    const t = samples.t[i]!
    if (t < fromT || t > toT) continue
    const value = samples.value[i]!
    const tolerance = Math.max(bounds.tolerance, bounds.toleranceShare * value)
    /** What was true within the gauge's age, and within `stallNs` on either side. */
    const within = (stallNs: number) => {
      const since = samples.askedT[i]! - bounds.staleSeconds * SECOND - stallNs
      const until = t + stallNs
      const connected = rangeWithin(here, since, until)
      const unknown = rangeWithin(somewhere, since, until).most
      const probes = rangeWithin(others.probes, since, until).most
      const sessions = parkedAtMost(parked, others, samples.node, since, until)
      const [least, most] = [connected.least, connected.most + unknown + probes + sessions]
      return { least, most, unknown, off: Math.max(least - value, value - most) }
    }
    const asIs = within(0)
    const isUnknown = asIs.unknown > tolerance + bounds.toleranceShare * run.parameters.clients
    // The stall that made a reading late may be noticed only after it.
    const stall =
      asIs.off > tolerance
        ? worstStall(run, samples.askedT[i]! - bounds.staleSeconds * SECOND, t + STALL_REACH_NS)
        : 0
    const { least, most, off } = stall > 0 ? within(stall) : asIs
    // That a stall explains a reading is no proof that it was right.
    if (isUnknown || (asIs.off > tolerance && off <= tolerance)) {
      found.unchecked++
      continue
    }
    found.readings++
    if (off <= tolerance) continue
    found.wrong++
    found.firstT = Math.min(found.firstT, t)
    found.lastT = t
    if (off > found.worst.off) found.worst = { t, value, least, most, off }
  }
  return found
}

function parkedAtMost(
  parked: ParkedSessions | undefined,
  others: Others,
  node: number,
  fromT: number,
  toT: number,
): number {
  if (parked === undefined) return 0
  if (toT >= parked.movedFromT) return rangeWithin(parked.anywhere, fromT, toT).most + others.sessions
  const here = rangeWithin(parked.onNode.get(node) ?? NONE, fromT, toT).most
  return (
    here + rangeWithin(parked.onNode.get(-1) ?? NONE, fromT, toT).most + (others.sessionsOn.get(node) ?? 0)
  )
}

/** The readings of nodes that may hold clients and of which no scrape succeeded: nobody could check them. */
function missingReadings(run: RunView): number {
  const { fromT, toT } = judgedSpan(run)
  const { connectionsMetric, liveConnectionsMetric } = run.parameters.dialect
  const gauges = [...new Set([connectionsMetric, liveConnectionsMetric])]
    .map((metric) => samplesByNode(run, metric))
    .filter(({ size }) => size > 0)
  const unseen = unscraped(run, (node) => gauges.some((gauge) => gauge.has(node)))
  return unseen.reduce((sum, one) => {
    const untilT = Math.min(toT, run.nodes[one.node]!.deletingT ?? one.deletedT)
    const ns = Math.max(0, untilT - Math.max(fromT, one.fromT))
    return sum + gauges.length * Math.floor(ns / (run.parameters.scrapeIntervalSeconds * SECOND))
  }, 0)
}

/** A failed scrape of a pod that was there is a reading that could not be checked. */
function failedScrapes(run: RunView): number {
  const { fromT, toT } = judgedSpan(run)
  const lastGood = new Map<string, number>()
  const firstGood = new Map<string, number>()
  for (const scrape of run.record.scrapes) {
    if (!scrape.ok) continue
    lastGood.set(scrape.node, scrape.t)
    if (!firstGood.has(scrape.node)) firstGood.set(scrape.node, scrape.t)
  }
  return run.record.scrapes.filter(
    (one) =>
      !one.ok &&
      one.t >= Math.max(fromT, firstGood.get(one.node) ?? Number.POSITIVE_INFINITY) &&
      one.t <= Math.min(toT, lastGood.get(one.node) ?? 0),
  ).length
}
