import type { Report } from '../report.ts'
import { escapeHtml, jsonForScript } from '../text/escape.ts'
import { HTML_TEXTS, TEXTS } from '../texts/index.ts'
import { runTitle } from '../title.ts'
import { built, cspHash } from './built.ts'
import { chartTexts } from './chart-texts.ts'
import { firstChart, furtherCharts } from './charts-section.ts'
import { contents } from './contents.ts'
import { figuresSection } from './figures-section.ts'
import { factsSection, headSection } from './head-section.ts'
import { messagesSection } from './messages-section.ts'
import { pageData } from './page-data.ts'
import { timelineSection } from './timeline-section.ts'
import { verdictSection } from './verdict-section.ts'

const script = built('page.js')
const style = built('page-style.css')

/**
 * One HTML page that holds everything it needs. Its Content-Security-Policy lets nothing in from anywhere and runs
 * only the script that was written into it, so whatever a cluster put into the record stays text.
 */
export function renderHtml(report: Report): string {
  const policy = [
    "default-src 'none'",
    `script-src ${cspHash(script)}`,
    `style-src ${cspHash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const texts = chartTexts(report)
  const { outcome } = report.verdict
  const sections = [
    firstChart(report, texts),
    verdictSection(report),
    figuresSection(report),
    messagesSection(report),
    furtherCharts(report, texts),
    timelineSection(),
    factsSection(report),
  ].join('\n')
  return [
    '<!doctype html>',
    `<html lang="${HTML_TEXTS.lang}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(HTML_TEXTS.title({ outcome: TEXTS.outcome[outcome], title: runTitle(report) }))}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    headSection(report),
    contents(sections),
    sections,
    '</main>',
    `<script type="application/json" id="page-data">${jsonForScript(pageData(report))}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}
