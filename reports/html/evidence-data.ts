import type { Evidence, Finding } from '#weir/assertions/verdict.ts'
import { CLIENT_EVENT_KINDS } from '#weir/record/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { describeEvent } from '../series/activity.ts'
import { axisSeconds, type TimeAxis } from '../series/axis.ts'
import { visibleLine } from '../text/visible.ts'
import { type ChartId, chartOf } from './chart-of.ts'

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
  /** The first lines of that file within the span, in words. */
  lines: string[]
  /** How many there are in all. */
  lineCount: number
}

const MOST_LINES = 15

export function evidenceAnchor(finding: Finding, index: number): string {
  return `evidence-${finding.id.replace(/[^\w-]/g, '-')}-${index + 1}`
}

export function evidenceData(run: RunView, findings: readonly Finding[], axis: TimeAxis): EvidenceData[] {
  return findings.flatMap((finding) =>
    finding.evidence.map((evidence, index): EvidenceData => {
      const { lines, lineCount } = linesOf(run, evidence, axis)
      return {
        anchor: evidenceAnchor(finding, index),
        finding: finding.id,
        outcome: finding.outcome,
        chart: chartOf(finding.id, evidence),
        file: evidence.file,
        from: axisSeconds(axis, clamped(evidence.fromT, run)),
        to: axisSeconds(axis, clamped(evidence.toT, run)),
        what: visibleLine(evidence.what),
        lines: lines.map(visibleLine),
        lineCount,
      }
    }),
  )
}

/** Evidence that reaches "until ever" is shown up to the record's end. */
function clamped(t: number, run: RunView): number {
  return Math.min(Math.max(t, 0), run.moments.end)
}

function linesOf(run: RunView, evidence: Evidence, axis: TimeAxis): { lines: string[]; lineCount: number } {
  if (evidence.file === 'clients.arrow') return clientLines(run, evidence, axis)
  if (evidence.file === 'metrics.ndjson') return scrapeLines(run, evidence, axis)
  return { lines: [], lineCount: 0 }
}

function clientLines(run: RunView, { fromT, toT }: Evidence, axis: TimeAxis) {
  const { clients, fleet } = run.record
  const lines: string[] = []
  let lineCount = 0
  for (
    let i = firstAtOrAfter(clients.t, clients.length, fromT);
    i < clients.length && clients.t[i]! <= toT;
    i++
  ) {
    const kind = CLIENT_EVENT_KINDS[clients.kind[i]!]
    if (kind === undefined || kind === 'scheduled') continue
    lineCount++
    if (lines.length >= MOST_LINES) continue
    const who = fleet.ids[clients.client[i]!] ?? `client ${clients.client[i]}`
    const what = describeEvent(kind, clients.reasons[clients.reason[i]!] ?? '', clients.code[i]!)
    lines.push(`${axisSeconds(axis, clients.t[i]!).toFixed(3)} s  ${who}  ${what}`)
  }
  return { lines, lineCount }
}

function scrapeLines(run: RunView, { fromT, toT }: Evidence, axis: TimeAxis) {
  const within = run.record.scrapes.filter(({ t }) => t >= fromT && t <= toT)
  const lines = within.slice(0, MOST_LINES).map((scrape) => {
    const values = Object.entries(scrape.metrics).map(([name, value]) => `${name} ${value}`)
    const what = scrape.ok ? values.slice(0, 3).join(', ') : `failed: ${scrape.error ?? scrape.status}`
    return `${axisSeconds(axis, scrape.t).toFixed(3)} s  ${scrape.pod}  ${what}`
  })
  return { lines, lineCount: within.length }
}

/** Index of the first of `length` ascending times that is not before `t`. */
function firstAtOrAfter(times: ArrayLike<number>, length: number, t: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < t) low = middle + 1
    else high = middle
  }
  return low
}
