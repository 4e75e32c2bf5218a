import type { ChartId } from '#weir/facts/index.ts'
import { lostPods, type RunView } from '#weir/record/view/index.ts'
import type { Report } from '../report.ts'
import { timeAxis } from '../series/axis.ts'
import { chartBounds } from '../series/bounds.ts'
import { burstLevels } from '../series/burst.ts'
import { connectionsPerNode } from '../series/connections.ts'
import { downtime } from '../series/downtime.ts'
import { evictionsByNode } from '../series/evictions-by-node.ts'
import { harnessHealth } from '../series/health.ts'
import { nodeLabels } from '../series/labels.ts'
import { membership } from '../series/membership.ts'
import { clientsOffline } from '../series/offline.ts'
import { prometheusGraph } from '../series/prometheus.ts'
import { perSecondPeaks } from '../series/rate.ts'
import { durationOf, momentsOf } from '../text/time.ts'
import { TEXTS, CHART_TEXTS as texts } from '../texts/index.ts'

/** A line may not break within "old-2". */
const NO_BREAK_HYPHEN = '\u2011'

const listed = (words: readonly string[]) => TEXTS.listed(words) || texts.none
const highest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0)

export type ChartTexts = Record<ChartId | 'downtime', string>

/** Each chart in words, for screen readers and for readers who want the figures. */
export function chartTexts(report: Report): ChartTexts {
  const { run } = report
  const axis = timeAxis(run)
  return {
    connections: connectionsText(run, axis),
    prometheus: prometheusText(run, axis),
    rates: ratesText(run, axis),
    burst: burstText(report, axis),
    offline: offlineText(run, axis),
    downtime: downtimeText(run),
    membership: membershipText(run),
    health: healthText(run, axis),
  }
}

type Axis = ReturnType<typeof timeAxis>

function connectionsText(run: RunView, axis: Axis): string {
  const labels = nodeLabels(run).map((label) => label.replaceAll('-', NO_BREAK_HYPHEN))
  const series = connectionsPerNode(run, axis)
  const moment = momentsOf(run)
  const atEnd = Math.min(
    Math.floor((run.moments.fleetStopping ?? run.moments.end) / axis.bucketNs) - 1,
    axis.count - 1,
  )
  const ends = labels.map((label, node) => `${label} ${series.perNode[node]?.[Math.max(atEnd, 0)] ?? 0}`)
  const peaks = labels.map((label, node) => `${label} ${highest(series.perNode[node] ?? [])}`)
  const drains = evictionsByNode(run).flatMap(({ node, times }) =>
    node < 0
      ? []
      : [
          texts.drain({
            node: labels[node]!,
            clients: times.length,
            from: moment(times[0]!),
            to: moment(times.at(-1)!),
          }),
        ],
  )
  // A run that goes on, or was killed, has no end.
  const hasEnd = run.record.manifest.end !== undefined
  const [most, lost, last] = [peaks, drains, ends].map(listed)
  return texts.connections({
    sets: setsText(run),
    peaks: most!,
    drains: lost!,
    hasEnd,
    ends: last!,
    losses: lossText(run),
  })
}

function lossText(run: RunView): string {
  const moment = momentsOf(run)
  return lostPods(run.record)
    .map(({ pod, clients, sinceT }) => texts.loss({ from: moment(sinceT), clients, pod }))
    .join('')
}

function prometheusText(run: RunView, axis: Axis): string {
  const graph = prometheusGraph(run, axis)
  if (!graph) return texts.noPrometheus
  if (graph.perNode.length === 0) return texts.noPods
  const labels = nodeLabels(run).map((label) => label.replaceAll('-', NO_BREAK_HYPHEN))
  const values = graph.perNode.map(({ node, values }) => {
    const known = values.filter((value) => value !== null)
    const [first, last] = [known[0], known.at(-1)].map((value) => String(value ?? texts.unknown))
    return texts.values({ node: labels[node]!, first: first!, last: last!, most: highest(known) })
  })
  return texts.prometheus({ expression: graph.expression, step: graph.stepSeconds, values: listed(values) })
}

/** The sets behind the short names. */
function setsText(run: RunView): string {
  const sides = (['old', 'new'] as const).map((side) => {
    const sets = new Set(run.nodes.filter((node) => node.side === side && node.set).map((node) => node.set))
    return { isOld: side === 'old', sets: [...sets].filter((set) => set !== undefined) }
  })
  return texts.sets(sides.filter(({ sets }) => sets.length > 0))
}

function ratesText(run: RunView, axis: Axis): string {
  const evictions = perSecondPeaks(run.evictions.t.subarray(0, run.evictions.length), axis)
  return texts.rates({
    attempts: highest(perSecondPeaks(run.attempts, axis)),
    evictions: highest(evictions),
    rate: run.hasParameters ? run.parameters.connEvictRate : undefined,
    isJudged: run.hasParameters && run.parameters.asked !== undefined,
  })
}

function burstText(report: Report, axis: Axis): string {
  const { run } = report
  const bounds = chartBounds(report)
  if (!bounds) return texts.noRates
  const { ratePerSecond: rate } = bounds
  const attempts = burstLevels(run.attempts, bounds.attemptsPerSecond, axis)
  const nodes = evictionsByNode(run).map(({ times }) => burstLevels(times, rate, axis).tightest)
  const digits = (value: number) => Number(value.toFixed(1))
  return texts.burst({
    attempts: digits(attempts.tightest),
    mostAttempts: digits(bounds.attemptBurst),
    evictions: digits(highest(nodes)),
    mostEvictions: digits(bounds.evictionBurst),
  })
}

function offlineText(run: RunView, axis: Axis): string {
  const { peak, peakT } = clientsOffline(run, axis)
  if (peak === 0) return texts.noneOffline
  return texts.offline({ peak, at: momentsOf(run)(peakT) })
}

function downtimeText(run: RunView): string {
  const { count, open, percentiles } = downtime(run)
  const still = texts.open(open)
  if (count === 0) return `${texts.noReconnect}${still}`
  const words = percentiles.map(({ percentile, ms }) =>
    texts.percentile({ percentile, time: durationOf(ms * 1e6) }),
  )
  return `${texts.reconnects({ count, times: TEXTS.listed(words) })}${still}`
}

/** Pods that were in the Service at the same times share one sentence. */
function membershipText(run: RunView): string {
  const moment = momentsOf(run)
  const podsBySpans = new Map<string, string[]>()
  for (const { pod, serving } of membership(run)) {
    const words = texts.serving(serving.map(({ fromT, toT }) => ({ from: moment(fromT), to: moment(toT) })))
    podsBySpans.set(words, [...(podsBySpans.get(words) ?? []), pod])
  }
  return texts.membership([...podsBySpans].map(([words, pods]) => ({ names: TEXTS.listed(pods), words })))
}

function healthText(run: RunView, axis: Axis): string {
  const health = harnessHealth(run, axis)
  const scrapes = texts.scrapes({ failed: health.failedScrapes, all: health.scrapes })
  if (health.seconds.length === 0) return texts.noHealth(scrapes)
  return texts.health({
    delayMs: highest(health.loopDelayP99Ms),
    lagMs: highest(health.scheduleLagP99Ms),
    dropped: health.droppedEvents,
    scrapes,
    mib: Math.round(highest(health.rssMiB)),
  })
}
