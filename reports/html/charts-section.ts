import type { ChartId } from '#weir/facts/index.ts'
import type { Report } from '../report.ts'
import { downtime } from '../series/downtime.ts'
import { escapeHtml } from '../text/escape-html.ts'
import { durationOf } from '../text/time.ts'
import type { ChartTexts } from './chart-texts.ts'
import { downtimeSvg } from './downtime-svg.ts'

const TITLES: Record<ChartId, { title: string; note: string }> = {
  connections: {
    title: 'Connections per node',
    note: 'Lines: what the clients themselves held. Rings: emqx_live_connections_count as scraped; crosses: emqx_connections_count, which counts parked sessions too. Straight dashed lines: the lowest count that the configured rate permits while a node evacuates.',
  },
  rates: {
    title: 'Attempts and evictions within one second',
    note: 'The most within any one second that ends there; a window that slides hides no burst.',
  },
  burst: {
    title: 'Ahead of the permitted rate',
    note: 'How many connections attempts, and one node’s evictions, ran ahead of the configured rate. The envelope holds as long as each stays under its dashed line; the highest point is the tightest burst.',
  },
  offline: { title: 'Clients offline', note: 'Clients that lost a connection and have no new one yet.' },
  membership: {
    title: 'Who is in the Service, who is being emptied',
    note: 'One row a pod. Thin line: the pod lives. Upper bar: the Service sends clients to it. Lower bar: its node’s evacuation.',
  },
  health: {
    title: 'The harness itself',
    note: 'A harness that is late sees things late: above the dashed lines, figures about rates and times are not to be trusted.',
  },
}

/** The chart that tells the story, with the buttons that move all charts in time. */
export function firstChart(texts: ChartTexts): string {
  return [
    '<div id="toolbar" class="toolbar" role="toolbar" aria-label="Time window of all charts"></div>',
    '<noscript><p>The charts need JavaScript; what they show is said in words under each.</p></noscript>',
    figure('connections', texts.connections),
  ].join('\n')
}

/** The other charts, on the same time axis. */
export function furtherCharts(report: Report, texts: ChartTexts): string {
  return [
    '<section id="timeline" aria-labelledby="timeline-title">',
    '<h2 id="timeline-title">Over time</h2>',
    figure('rates', texts.rates),
    figure('burst', texts.burst),
    figure('offline', texts.offline),
    downtimeFigure(report, texts.downtime),
    figure('membership', texts.membership),
    figure('health', texts.health),
    '</section>',
  ].join('\n')
}

function figure(id: ChartId, text: string): string {
  const { title, note } = TITLES[id]
  return [
    `<figure id="chart-${id}">`,
    `<figcaption><h3>${title}</h3></figcaption>`,
    `<div class="chart" data-chart="${id}" tabindex="0" role="group" aria-label="${title}: chart" aria-describedby="${id}-text"></div>`,
    `<div class="legend" data-legend="${id}"></div>`,
    `<p class="text" id="${id}-text">${escapeHtml(text)}</p>`,
    `<p class="note">${note}</p>`,
    `<details class="figures" data-figures="${id}"><summary>The figures as a table</summary><div class="scroll"></div></details>`,
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
      ? `<div class="beside">${downtimeSvg(data)}<table class="percentiles"><caption>back within</caption><tbody>${rows.join('')}</tbody></table></div>`
      : '',
    `<p class="text" id="downtime-text">${escapeHtml(text)}</p>`,
    '<p class="note">From the unwanted end of a connection to the same client’s next CONNACK 0; percentiles by HDR histogram.</p>',
    '</figure>',
  ].join('\n')
}
