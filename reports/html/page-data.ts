import type { Report } from '../report.ts'
import { axisSeconds, type TimeAxis, timeAxis } from '../series/axis.ts'
import { bands, type Flag, flags } from '../series/bands.ts'
import { type ChartBounds, chartBounds } from '../series/bounds.ts'
import { burstLevels } from '../series/burst.ts'
import { connectionsPerNode } from '../series/connections.ts'
import { evictionsByNode } from '../series/evictions-by-node.ts'
import { harnessHealth } from '../series/health.ts'
import { nodeLabels } from '../series/labels.ts'
import { membership } from '../series/membership.ts'
import { clientsOffline } from '../series/offline.ts'
import { permittedSlopes } from '../series/permitted.ts'
import { prometheusGraph } from '../series/prometheus.ts'
import { perSecondPeaks } from '../series/rate.ts'
import { scrapedPerNode } from '../series/scraped.ts'
import { type TimelineEntry, timeline } from '../series/timeline.ts'
import { visibleLine } from '../text/escape.ts'
import { scriptTexts } from '../texts/index.ts'
import { evidenceData } from './evidence-data.ts'

/** Everything that the page's script draws. Times are seconds from the trigger (from zero when there was none). */
export function pageData(report: Report) {
  const { run, verdict } = report
  const axis = timeAxis(run)
  const seconds = (t: number) => axisSeconds(axis, t)
  const bounds = chartBounds(report)
  const events = timeline(run)
  return {
    hasTrigger: run.moments.trigger !== undefined,
    originUnixMs: run.record.manifest.clock.anchorUnixMs + axis.originT / 1e6,
    from: seconds(0),
    to: seconds(run.moments.end),
    seconds: axis.seconds,
    nodes: nodesOf(run),
    connections: { ...connectionsPerNode(run, axis), scraped: scrapedPerNode(run, axis) },
    prometheus: prometheusGraph(run, axis) ?? null,
    permitted: permittedSlopes(run, bounds?.evictionBurst ?? 0).map(
      ({ fromT, toT, fromCount, toCount, node }) => ({
        node,
        from: seconds(fromT),
        to: seconds(toT),
        fromCount: Math.round(fromCount),
        toCount: Math.round(toCount),
      }),
    ),
    rates: {
      attempts: perSecondPeaks(run.attempts, axis),
      evictions: perSecondPeaks(run.evictions.t.subarray(0, run.evictions.length), axis),
    },
    burst: burstData(run, axis, bounds),
    offline: clientsOffline(run, axis).counts,
    membership: membership(run).map((row) => ({
      ...row,
      pod: visibleLine(row.pod),
      life: spanOf(row.life, seconds),
      terminating: row.terminating && spanOf(row.terminating, seconds),
      serving: row.serving.map((span) => spanOf(span, seconds)),
      states: row.states.map((span) => ({ ...spanOf(span, seconds), state: span.state })),
    })),
    health: harnessHealth(run, axis),
    bounds: bounds ?? null,
    bands: bands(run).map(({ kind, node, ...span }) => ({ ...spanOf(span, seconds), kind, node })),
    flags: flags(run).map((flag) => ({
      at: seconds(flag.t),
      kind: flag.kind,
      text: visibleLine(flag.text),
      ...(flag.isTrigger && { isTrigger: true }),
      ...(flag.kind === 'moment' && { event: eventOf(flag, events) }),
    })),
    timeline: events.map(({ t, kind, text }) => [seconds(t), kind, visibleLine(text)] as const),
    evidence: evidenceData(run, verdict.findings, axis),
    texts: scriptTexts(),
  }
}

/** The place in the timeline of what made a moment: its mark, or else the first event from then on; undefined after the last. */
function eventOf({ t }: Flag, events: readonly TimelineEntry[]): number | undefined {
  const mark = events.findIndex((event) => event.t === t && event.kind === 'mark')
  const place = mark >= 0 ? mark : events.findIndex((event) => event.t >= t)
  return place >= 0 ? place : undefined
}

export type PageData = ReturnType<typeof pageData>

function nodesOf(run: Report['run']) {
  const labels = nodeLabels(run)
  return run.nodes.map(({ pod, side, ordinal }, index) => ({
    label: visibleLine(labels[index]!),
    pod: visibleLine(pod),
    side,
    ordinal,
  }))
}

function burstData(run: Report['run'], axis: TimeAxis, bounds: ChartBounds | undefined) {
  if (!bounds) return null
  const attempts = burstLevels(run.attempts, bounds.attemptsPerSecond, axis)
  const nodes = evictionsByNode(run).map(({ times }) => burstLevels(times, bounds.ratePerSecond, axis))
  const highest = axis.seconds.map((_, bucket) => Math.max(0, ...nodes.map(({ levels }) => levels[bucket]!)))
  return { attempts: attempts.levels, evictions: highest }
}

function spanOf({ fromT, toT }: { fromT: number; toT: number }, seconds: (t: number) => number) {
  return { from: seconds(fromT), to: seconds(toT) }
}
