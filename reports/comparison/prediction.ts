import { escapeHtml } from '../text/escape.ts'
import { type Curve, drawCurves } from './curves-svg.ts'
import { pageOf } from './document.ts'

/** What a page of two predictions shows. */
export interface PredictionPage {
  title: string
  /** What the curves of either side are. */
  names: Record<Curve['side'], string>
  charts: readonly { title: string; unit: string; curves: readonly Curve[] }[]
  /** The first row is the head. */
  rows: readonly (readonly string[])[]
  notes: readonly string[]
}

/** Two predictions as one page that needs nothing else: curves over each other, and the table. */
export function renderPrediction({ title, names, charts, rows, notes }: PredictionPage): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell.trim())}</${tag}>`).join('')}</tr>`
  const [head = [], ...body] = rows
  const key = (side: Curve['side']) => `<span class="key ${side}">${escapeHtml(names[side])}</span>`
  return pageOf(title, [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${key('now')} ${key('base')}. Seconds count from the change.</p>`,
    ...charts.map((chart) => `<h2>${escapeHtml(chart.title)}</h2>${drawCurves(chart, chart.curves)}`),
    `<h2>Figures</h2><div class="scroll" tabindex="0" role="region" aria-label="Figures"><table><thead>${cells('th', head)}</thead><tbody>`,
    ...body.map((row) => cells('td', row)),
    '</tbody></table></div>',
    ...notes.map((note) => `<p>${escapeHtml(note)}</p>`),
  ])
}
