import type { Comparison, RunSet } from '#weir/gate/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { escapeHtml } from '../text/escape.ts'
import { HTML_TEXTS, COMPARISON_TEXTS as texts } from '../texts/index.ts'
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
  return pageOf(
    texts.title(base.settings.scenario),
    [
      `<h1>${escapeHtml(headline!)}</h1>`,
      ...notes.map((note) => `<p>${escapeHtml(note)}</p>`),
      `<p><span class="key base">${texts.baseline}</span> <span class="key now">${texts.now}</span>${texts.seconds}</p>`,
      ...CHARTS.map((chart) => `<h2>${escapeHtml(texts[chart.id].title)}</h2>${curvesSvg(chart, views)}`),
      `<h2>${texts.figures}</h2><div class="scroll" tabindex="0" role="region" aria-label="${texts.figures}"><table><thead><tr>${texts.pageColumns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>`,
      ...comparisonRows(comparisons).map(
        ({ change, title, base, now, note }) =>
          `<tr><td class="${change.replace(' ', '-')}">${texts.changes[change]}</td>${[title, base, now, note].map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
      ),
      '</tbody></table></div>',
    ],
    HTML_TEXTS.lang,
  )
}
