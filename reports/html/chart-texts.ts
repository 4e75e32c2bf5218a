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

/** A line may not break within "old-2". */
const NO_BREAK_HYPHEN = '\u2011'

const listed = (words: readonly string[]) => words.join(', ') || 'none'
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
      : [`${labels[node]} lost ${times.length} from ${moment(times[0]!)} to ${moment(times.at(-1)!)}`],
  )
  // A run that goes on, or was killed, has no end.
  const last = run.record.manifest.end ? 'When the fleet stopped' : 'At the end of the record'
  return `${setsText(run)}Most connections at once: ${listed(peaks)}. Evictions: ${listed(drains)}. ${last}: ${listed(ends)}.${lossText(run)}`
}

function lossText(run: RunView): string {
  const moment = momentsOf(run)
  return lostPods(run.record)
    .map(
      ({ pod, clients, sinceT }) =>
        ` From ${moment(sinceT)} on the ${clients} clients of ${pod} are unknown.`,
    )
    .join('')
}

function prometheusText(run: RunView, axis: Axis): string {
  const graph = prometheusGraph(run, axis)
  if (!graph) return 'No Prometheus was read.'
  if (graph.perNode.length === 0) return 'The Prometheus has no scrape of the pods.'
  const labels = nodeLabels(run).map((label) => label.replaceAll('-', NO_BREAK_HYPHEN))
  const values = graph.perNode.map(({ node, values }) => {
    const known = values.filter((value) => value !== null)
    return `${labels[node]} from ${known[0] ?? 'unknown'} to ${known.at(-1) ?? 'unknown'}, at most ${highest(known)}`
  })
  return `${graph.expression} in steps of ${graph.stepSeconds} s: ${listed(values)}.`
}

/** The sets behind the short names. */
function setsText(run: RunView): string {
  const sides = (['old', 'new'] as const).map((side) => {
    const sets = new Set(run.nodes.filter((node) => node.side === side && node.set).map((node) => node.set))
    return sets.size > 0 ? `${side} nodes belong to ${[...sets].join(', ')}` : ''
  })
  const words = sides.filter(Boolean).join('; ')
  return words ? `${words[0]!.toUpperCase()}${words.slice(1)}. ` : ''
}

function ratesText(run: RunView, axis: Axis): string {
  const evictions = perSecondPeaks(run.evictions.t.subarray(0, run.evictions.length), axis)
  const subject =
    run.hasParameters && run.parameters.asked ? 'The run is judged by' : 'The configured rate is'
  const rate = run.hasParameters ? ` ${subject} ${run.parameters.connEvictRate} a second.` : ''
  return `Most attempts within one second: ${highest(perSecondPeaks(run.attempts, axis))}; most evictions: ${highest(evictions)}.${rate}`
}

function burstText(report: Report, axis: Axis): string {
  const { run } = report
  const bounds = chartBounds(report)
  if (!bounds) return 'The run ended before its rates were known.'
  const { ratePerSecond: rate } = bounds
  const attempts = burstLevels(run.attempts, bounds.attemptsPerSecond, axis)
  const nodes = evictionsByNode(run).map(({ times }) => burstLevels(times, rate, axis).tightest)
  const digits = (value: number) => Number(value.toFixed(1))
  return (
    `Tightest burst of attempts: ${digits(attempts.tightest)} of ${digits(bounds.attemptBurst)} permitted; ` +
    `of one node's evictions: ${digits(highest(nodes))} of ${digits(bounds.evictionBurst)}.`
  )
}

function offlineText(run: RunView, axis: Axis): string {
  const { peak, peakT } = clientsOffline(run, axis)
  if (peak === 0) return 'No client lost its connection.'
  return `At most ${peak} clients were without a connection at once, at ${momentsOf(run)(peakT)}.`
}

function downtimeText(run: RunView): string {
  const { count, open, percentiles } = downtime(run)
  const still = open > 0 ? ` ${open} did not reconnect within the record.` : ''
  if (count === 0) return `No client reconnected after a lost connection.${still}`
  const words = percentiles.map(({ percentile, ms }) =>
    percentile === 100 ? `longest ${durationOf(ms * 1e6)}` : `${percentile} % within ${durationOf(ms * 1e6)}`,
  )
  return `${count} reconnects: ${words.join(', ')}.${still}`
}

/** Pods that were in the Service at the same times share one sentence. */
function membershipText(run: RunView): string {
  const moment = momentsOf(run)
  const podsBySpans = new Map<string, string[]>()
  for (const { pod, serving } of membership(run)) {
    const spans = serving.map(({ fromT, toT }) => `from ${moment(fromT)} to ${moment(toT)}`)
    const words = spans.length > 0 ? `in the Service ${spans.join(' and ')}` : 'never in the Service'
    podsBySpans.set(words, [...(podsBySpans.get(words) ?? []), pod])
  }
  const sentences = [...podsBySpans].map(([words, pods]) => `${pods.join(', ')}: ${words}`)
  return sentences.length > 0 ? `${sentences.join('; ')}.` : 'The record has no pods.'
}

function healthText(run: RunView, axis: Axis): string {
  const health = harnessHealth(run, axis)
  const scrapes = `${health.failedScrapes} of ${health.scrapes} scrapes failed`
  if (health.seconds.length === 0) return `The record has no health samples of the harness; ${scrapes}.`
  return (
    `Worst event-loop delay (p99) ${highest(health.loopDelayP99Ms)} ms, worst schedule lag (p99) ${highest(health.scheduleLagP99Ms)} ms, ` +
    `${health.droppedEvents} events dropped, ${scrapes}, at most ${Math.round(highest(health.rssMiB))} MiB resident.`
  )
}
