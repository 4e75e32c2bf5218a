import type { ChartId } from '#weir/facts/index.ts'
import { lostPods } from '#weir/record/view/index.ts'
import type { Report } from '../report.ts'
import { downtime } from '../series/downtime.ts'
import { escapeHtml } from '../text/escape.ts'
import { durationOf } from '../text/time.ts'
import { HTML_TEXTS, CHART_TEXTS as words } from '../texts/index.ts'
import type { ChartTexts } from './chart-texts.ts'
import { downtimeSvg } from './downtime-svg.ts'

/** Of charts that show how clients stand, in a run that lost a pod of its fleet. */
const afterLoss = ({ run }: Report, note: string): string => (lostPods(run.record).length > 0 ? note : '')

/** The most important chart, with the buttons that move all charts in time. */
export function firstChart(report: Report, texts: ChartTexts): string {
  return [
    `<div id="toolbar" class="toolbar" role="toolbar" aria-label="${words.window}"></div>`,
    `<noscript><p>${words.noScript}</p></noscript>`,
    figure('connections', texts.connections, afterLoss(report, words.afterLossCounted), 'h2'),
  ].join('\n')
}

/** The other charts, on the same time axis. */
export function furtherCharts(report: Report, texts: ChartTexts): string {
  return [
    '<section id="charts" aria-labelledby="charts-title">',
    `<h2 id="charts-title">${HTML_TEXTS.sections.charts}</h2>`,
    ...(report.run.record.prometheus ? [figure('prometheus', texts.prometheus)] : []),
    figure('rates', texts.rates),
    figure('burst', texts.burst),
    figure('offline', texts.offline, afterLoss(report, words.afterLoss)),
    downtimeFigure(report, texts.downtime),
    figure('membership', texts.membership),
    figure('health', texts.health),
    '</section>',
  ].join('\n')
}

function figure(id: ChartId, text: string, moreNote = '', heading: 'h2' | 'h3' = 'h3'): string {
  const { title, note } = words.titles[id]
  return [
    `<figure id="chart-${id}">`,
    `<figcaption><${heading}>${title}</${heading}></figcaption>`,
    `<div class="chart" data-chart="${id}" tabindex="0" role="group" aria-label="${escapeHtml(words.chartOf(title))}" aria-describedby="${id}-text"></div>`,
    `<div class="legend" data-legend="${id}"></div>`,
    `<p class="text" id="${id}-text">${escapeHtml(text)}</p>`,
    `<p class="note">${note}${moreNote}</p>`,
    `<details class="figures" data-figures="${id}"><summary>${words.asTable}</summary><div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(words.figuresOf(title))}"></div></details>`,
    '</figure>',
  ].join('\n')
}

function downtimeFigure({ run }: Report, text: string): string {
  const data = downtime(run)
  const rows = data.percentiles.map(
    ({ percentile, ms }) =>
      `<tr><th scope="row">${percentile === 100 ? words.longest : `${percentile} %`}</th><td>${durationOf(ms * 1e6)}</td></tr>`,
  )
  return [
    '<figure id="chart-downtime">',
    `<figcaption><h3>${words.downtimeTitle}</h3></figcaption>`,
    data.bins.length > 0
      ? `<div class="beside">${downtimeSvg(data)}<table class="percentiles"><caption>${words.within}</caption><tbody>${rows.join('')}</tbody></table></div>`
      : '',
    `<p class="text" id="downtime-text">${escapeHtml(text)}</p>`,
    `<p class="note">${words.downtimeNote}</p>`,
    '</figure>',
  ].join('\n')
}
