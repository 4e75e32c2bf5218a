import type { Evidence, Finding } from '#weir/assertions/verdict/verdict.ts'
import { type ChartId, definitionOf, isAssertionId, type LogRow, type Scrape } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { axisSeconds, type TimeAxis } from '../series/axis.ts'
import { clientEventsWithin } from '../series/client-events.ts'
import { visibleLine } from '../text/escape.ts'

/** One piece of evidence as the page shows it: where to look, and the record's own lines within it. */
export interface EvidenceData {
  /** Fragment of its address, e.g. "evidence-no-storm-1". */
  anchor: string
  finding: string
  outcome: Finding['outcome']
  chart: ChartId
  file: string
  from: number
  to: number
  what: string
  /** What clients did within the span, e.g. "312 × disconnected: closed"; most frequent first. */
  clients: string[]
  /** The first lines of that file within the span, in words. */
  lines: string[]
  /** How many there are in all. */
  lineCount: number
}

const MOST_LINES = 15
const MOST_COUNTS = 10

export function evidenceAnchor(finding: Finding, index: number): string {
  return `evidence-${finding.id.replace(/[^\w-]/g, '-')}-${index + 1}`
}

export function evidenceData(run: RunView, findings: readonly Finding[], axis: TimeAxis): EvidenceData[] {
  return findings.flatMap((finding) =>
    finding.evidence.map((evidence, index): EvidenceData => {
      const happened = clientEventsWithin(run, evidence.fromT, evidence.toT, MOST_LINES)
      const counts = [...happened.counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_COUNTS)
      return {
        anchor: evidenceAnchor(finding, index),
        finding: visibleLine(finding.id),
        outcome: finding.outcome,
        chart: chartOf(finding.id, evidence),
        file: evidence.file,
        from: axisSeconds(axis, clamped(evidence.fromT, run)),
        to: axisSeconds(axis, clamped(evidence.toT, run)),
        what: visibleLine(evidence.what),
        clients: counts.map(([what, count]) => `${count} × ${visibleLine(what)}`),
        ...linesOf(run, evidence, happened, axis),
      }
    }),
  )
}

/** Evidence that reaches "until ever" is shown up to the record's end. */
function clamped(t: number, run: RunView): number {
  return Math.min(Math.max(t, 0), run.moments.end)
}

type Happened = ReturnType<typeof clientEventsWithin>

/** The record's own lines, for the files whose lines a person can read. */
function linesOf(run: RunView, evidence: Evidence, happened: Happened, axis: TimeAxis) {
  const at = (t: number) => `${axisSeconds(axis, t).toFixed(3)} s`
  if (evidence.file === 'metrics.ndjson') return scrapeLines(run.record.scrapes, evidence, at)
  if (evidence.file === 'prometheus.ndjson') return scrapeLines(run.record.prometheus ?? [], evidence, at)
  if (evidence.file === 'logs.ndjson') return logLines(run.record.logs ?? [], evidence, at)
  if (evidence.file !== 'clients.arrow') return { lines: [], lineCount: 0 }
  const lines = happened.first.map(({ t, client, what }) => visibleLine(`${at(t)}  ${client}  ${what}`))
  return { lines, lineCount: happened.total }
}

function scrapeLines(scrapes: readonly Scrape[], { fromT, toT }: Evidence, at: (t: number) => string) {
  const within = scrapes.filter(({ t }) => t >= fromT && t <= toT)
  const lines = within.slice(0, MOST_LINES).map((scrape) => {
    const values = Object.entries(scrape.metrics).map(([name, value]) => `${name} ${value}`)
    const what = scrape.ok ? values.slice(0, 3).join(', ') : `failed: ${scrape.error ?? scrape.status}`
    return visibleLine(`${at(scrape.t)}  ${scrape.pod}  ${what}`)
  })
  return { lines, lineCount: within.length }
}

function logLines(logs: readonly LogRow[], { fromT, toT }: Evidence, at: (t: number) => string) {
  const within = logs.flatMap((row) => (row.type === 'line' && row.t >= fromT && row.t <= toT ? [row] : []))
  const lines = within.slice(0, MOST_LINES).map((row) => visibleLine(`${at(row.t)}  ${row.pod}  ${row.text}`))
  return { lines, lineCount: within.length }
}

const BY_FILE: Record<Evidence['file'], ChartId> = {
  'run.json': 'membership',
  'fleet.json': 'connections',
  'clients.arrow': 'connections',
  'events.ndjson': 'membership',
  'metrics.ndjson': 'connections',
  'messages.ndjson': 'connections',
  'prometheus.ndjson': 'prometheus',
  'logs.ndjson': 'rates',
}

/** The chart on which a reader sees this evidence best. */
function chartOf(assertion: string, evidence: Evidence): ChartId {
  return (isAssertionId(assertion) && definitionOf(assertion).chart) || BY_FILE[evidence.file]
}
