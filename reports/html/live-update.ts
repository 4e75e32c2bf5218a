import type { Outcome } from '#weir/assertions/verdict/verdict.ts'
import { weirVersion } from '#weir/errors/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { type RunView, viewOf } from '#weir/record/view/index.ts'
import type { Report } from '../report.ts'
import { visibleLine } from '../text/escape.ts'
import { durationOf } from '../text/time.ts'
import { HTML_TEXTS } from '../texts/index.ts'
import { chartTexts } from './chart-texts.ts'
import { firstChart, furtherCharts } from './charts-section.ts'
import { type PageData, pageData } from './page-data.ts'
import { timelineSection } from './timeline-section.ts'

/** The record of a run under way, as its page draws it. */
export interface LiveRecord {
  /** The places of the charts, with a text for each. */
  html: string
  data: PageData
  /** How far the run is. */
  words: string
}

/** How a run that the page followed has ended. */
export interface LiveEnd {
  outcome: Outcome
  headline: string
}

/** What the page of a run under way shows of its record so far. Nothing is judged: a run that goes on may still do anything. */
export function liveUpdate(record: RunRecord): LiveRecord {
  const run = viewOf(record)
  const report: Report = { run, verdict: unjudged(run) }
  const texts = chartTexts(report)
  const html = [firstChart(report, texts), furtherCharts(report, texts), timelineSection()].join('\n')
  return { html, data: pageData(report), words: wordsOf(run) }
}

const unjudged = ({ record }: RunView): Report['verdict'] => ({
  format: 1,
  weir: weirVersion(),
  scenario: record.manifest.scenario.name,
  outcome: 'inconclusive',
  headline: HTML_TEXTS.goesOn,
  // No chart shows one.
  figures: {} as Report['verdict']['figures'],
  findings: [],
  causes: [],
})

function wordsOf({ record, moments }: RunView): string {
  const step = record.events.findLast((event) => event.type === 'step' && event.phase === 'start')
  const name = step?.type === 'step' ? visibleLine(step.name) : undefined
  return HTML_TEXTS.soFar({ time: durationOf(moments.end), step: name })
}
