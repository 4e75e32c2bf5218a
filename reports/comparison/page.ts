import type { Comparison, RunSet } from '#weir/gate/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { escapeHtml } from '../text/escape.ts'
import { CHARTS, curvesSvg } from './curves-svg.ts'
import { pageOf } from './document.ts'
import { comparisonRows } from './rows.ts'
import { comparisonHead } from './terminal.ts'

/** What a page shows: a baseline from a file has no curves. */
export interface ComparisonViews {
  base: readonly RunView[]
  now: readonly RunView[]
}

/** The comparison as one page that needs nothing else: curves of both sides over each other, and the table. It has no script. */
export function renderComparison(
  base: RunSet,
  now: RunSet,
  comparisons: readonly Comparison[],
  views: ComparisonViews,
): string {
  const [headline, ...notes] = comparisonHead(base, now, comparisons)
  return pageOf(`${base.settings.scenario}: compared`, [
    `<h1>${escapeHtml(headline!)}</h1>`,
    ...notes.map((note) => `<p>${escapeHtml(note)}</p>`),
    '<p><span class="key base">baseline</span> <span class="key now">now</span>. Seconds count from the change.</p>',
    ...CHARTS.map((chart) => `<h2>${escapeHtml(chart.title)}</h2>${curvesSvg(chart, views)}`),
    '<h2>Figures</h2><div class="scroll" tabindex="0" role="region" aria-label="Figures"><table><thead><tr><th scope="col">change</th><th scope="col">figure</th><th scope="col">baseline</th><th scope="col">now</th><th scope="col">note</th></tr></thead><tbody>',
    ...comparisonRows(comparisons).map(
      ({ change, title, base, now, note }) =>
        `<tr><td class="${change.replace(' ', '-')}">${change}</td>${[title, base, now, note].map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
    ),
    '</tbody></table></div>',
  ])
}
