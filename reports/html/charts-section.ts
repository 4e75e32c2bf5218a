import type { ChartId } from '#weir/facts/index.ts'
import { lostPods } from '#weir/record/view/index.ts'
import type { Report } from '../report.ts'
import { downtime } from '../series/downtime.ts'
import { escapeHtml } from '../text/escape.ts'
import { durationOf } from '../text/time.ts'
import type { ChartTexts } from './chart-texts.ts'
import { downtimeSvg } from './downtime-svg.ts'

const TITLES: Record<ChartId, { title: string; note: string }> = {
  connections: {
    title: 'Connections per node',
    note: 'Lines: connections of the clients. Rings: emqx_live_connections_count as scraped; crosses: emqx_connections_count, which also counts parked sessions. Straight dashed lines: the lowest count that the configured rate permits while a node evacuates.',
  },
  prometheus: {
    title: 'Connections per pod, by Prometheus',
    note: 'What the page Graph of the Prometheus shows for the channel count, which also counts parked sessions: at each step the value of the last scrape.',
  },
  rates: {
    title: 'Attempts and evictions within one second',
    note: 'Each point is the most within any one second that ends there: a sliding window hides no burst.',
  },
  burst: {
    title: 'Ahead of the permitted rate',
    note: 'Connection attempts, and evictions of one node, beyond the configured rate. The envelope holds while each line stays below its dashed line; the highest point is the tightest burst.',
  },
  offline: {
    title: 'Clients offline',
    note: 'Clients that lost their connection and have not reconnected yet.',
  },
  membership: {
    title: 'Service membership and evacuations',
    note: 'One row per pod. Thin line: lifetime of the pod. Upper bar: the Service sends clients to it. Lower bar: evacuation of its node.',
  },
  health: {
    title: 'Harness',
    note: 'A slow harness records events late: above the dashed lines, rates and times are unreliable.',
  },
}

/** Of charts that show how clients stand, in a run that lost a pod of its fleet. */
const LOST = ' Clients of a lost fleet pod are drawn until the moment up to which they are known'

const afterLoss = ({ run }: Report, more = ''): string =>
  lostPods(run.record).length > 0 ? `${LOST}${more}.` : ''

/** The most important chart, with the buttons that move all charts in time. */
export function firstChart(report: Report, texts: ChartTexts): string {
  return [
    '<div id="toolbar" class="toolbar" role="toolbar" aria-label="Time window of all charts"></div>',
    '<noscript><p>The charts need JavaScript; the text below each describes it.</p></noscript>',
    figure(
      'connections',
      texts.connections,
      afterLoss(report, '; the red dotted line counts them from then on'),
      'h2',
    ),
  ].join('\n')
}

/** The other charts, on the same time axis. */
export function furtherCharts(report: Report, texts: ChartTexts): string {
  return [
    '<section id="charts" aria-labelledby="charts-title">',
    '<h2 id="charts-title">Over time</h2>',
    ...(report.run.record.prometheus ? [figure('prometheus', texts.prometheus)] : []),
    figure('rates', texts.rates),
    figure('burst', texts.burst),
    figure('offline', texts.offline, afterLoss(report)),
    downtimeFigure(report, texts.downtime),
    figure('membership', texts.membership),
    figure('health', texts.health),
    '</section>',
  ].join('\n')
}

function figure(id: ChartId, text: string, moreNote = '', heading: 'h2' | 'h3' = 'h3'): string {
  const { title, note } = TITLES[id]
  return [
    `<figure id="chart-${id}">`,
    `<figcaption><${heading}>${title}</${heading}></figcaption>`,
    `<div class="chart" data-chart="${id}" tabindex="0" role="group" aria-label="${title}: chart" aria-describedby="${id}-text"></div>`,
    `<div class="legend" data-legend="${id}"></div>`,
    `<p class="text" id="${id}-text">${escapeHtml(text)}</p>`,
    `<p class="note">${note}${moreNote}</p>`,
    `<details class="figures" data-figures="${id}"><summary>Figures as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="${title}: figures"></div></details>`,
    '</figure>',
  ].join('\n')
}

function downtimeFigure({ run }: Report, text: string): string {
  const data = downtime(run)
  const rows = data.percentiles.map(
    ({ percentile, ms }) =>
      `<tr><th scope="row">${percentile === 100 ? 'longest' : `${percentile} %`}</th><td>${durationOf(ms * 1e6)}</td></tr>`,
  )
  return [
    '<figure id="chart-downtime">',
    `<figcaption><h3>Downtime per disconnect</h3></figcaption>`,
    data.bins.length > 0
      ? `<div class="beside">${downtimeSvg(data)}<table class="percentiles"><caption>reconnected within</caption><tbody>${rows.join('')}</tbody></table></div>`
      : '',
    `<p class="text" id="downtime-text">${escapeHtml(text)}</p>`,
    '<p class="note">From an unplanned disconnect to the next CONNACK 0 of the same client; percentiles by HDR histogram.</p>',
    '</figure>',
  ].join('\n')
}
