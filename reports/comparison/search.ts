import { escapeHtml } from '../text/escape.ts'
import { pageOf } from './document.ts'
import { across, chartSvg, tick, up } from './frame.ts'

/** A run: the value that it was made with, and a figure of it. */
export interface Dot {
  x: number
  y: number
  outcome: 'pass' | 'fail' | 'inconclusive'
}

export interface SearchPage {
  headline: string
  /** What the values are. */
  vary: string
  /** The largest value that holds, the smallest that does not. */
  edge: { holds: number | undefined; fails: number | undefined }
  charts: readonly { title: string; unit: string; dots: readonly Dot[] }[]
  /** The first row is the head. */
  rows: readonly (readonly string[])[]
}

const RADIUS = 5
const LEAST_GAP = 40

/** The frontier of a search as one page that needs nothing else: figures over the value, a dot for each run. */
export function renderSearch({ headline, vary, edge, charts, rows }: SearchPage): string {
  const [head = [], ...body] = rows
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
  return pageOf(headline, [
    `<h1>${escapeHtml(headline)}</h1>`,
    `<p>${escapeHtml(vary)} from left to right, on a scale of ratios; a dot for each run: ${KEY}. The shaded values hold.</p>`,
    ...charts
      .filter(({ dots }) => dots.length > 0)
      .map(
        ({ title, unit, dots }) =>
          `<h2>${escapeHtml(unit ? `${title} (${unit})` : title)}</h2>${dotsSvg(title, unit, dots, edge)}`,
      ),
    `<h2>Runs</h2><div class="scroll"><table><thead>${cells('th', head)}</thead><tbody>`,
    ...body.map((row) => cells('td', row)),
    '</tbody></table></div>',
  ])
}

const KEY = (['pass', 'fail', 'inconclusive'] as const)
  .map(
    (outcome) =>
      `<svg class="dot" viewBox="0 0 14 14" aria-hidden="true"><circle class="${outcome}" cx="7" cy="7" r="${RADIUS}"/></svg> ${outcome}`,
  )
  .join(', ')

function dotsSvg(title: string, unit: string, dots: readonly Dot[], edge: SearchPage['edge']): string {
  const values = [...new Set(dots.map(({ x }) => x))].sort((a, b) => a - b)
  const most = roundAbove(Math.max(...dots.map(({ y }) => y)))
  const [least, largest] = [Math.log(values[0]!), Math.log(values.at(-1)!)]
  // Room for a whole dot at either end.
  const x = (value: number) => across(0.02 + (0.96 * (Math.log(value) - least)) / (largest - least || 1))
  const shaded = edge.holds === undefined ? [] : [band(x(edge.holds))]
  return chartSvg(`${title} in ${unit || 'a ratio'}, over ${values.length} values`, most, [
    ...shaded,
    ...apart(values.map((value) => ({ at: x(value), text: String(value) }))).map(({ at, text }) =>
      tick(at, text),
    ),
    ...dots.map(
      (dot) =>
        `<circle class="${dot.outcome}" cx="${x(dot.x).toFixed(1)}" cy="${up(dot.y / most).toFixed(1)}" r="${RADIUS}"><title>${dot.x}: ${Number(dot.y.toPrecision(4))} ${escapeHtml(unit)}, ${dot.outcome}</title></circle>`,
    ),
  ])
}

/** The least of 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten that leaves room for a dot above the value. */
function roundAbove(value: number): number {
  const wanted = value * 1.04 || 1
  const power = 10 ** Math.floor(Math.log10(wanted))
  return power * [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= wanted)!
}

const band = (right: number) =>
  `<rect class="holds" x="${across(0)}" y="${up(1)}" width="${(right - across(0)).toFixed(1)}" height="${up(0) - up(1)}"/>`

/** Labels that would overlap the one before are left out: their dots have titles, and the table below has every value. */
function apart<T extends { at: number }>(labels: readonly T[]): T[] {
  const shown: T[] = []
  for (const label of labels)
    if (shown.length === 0 || label.at - shown.at(-1)!.at >= LEAST_GAP) shown.push(label)
  return shown
}
