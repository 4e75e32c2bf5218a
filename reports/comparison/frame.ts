import { escapeHtml } from '../text/escape.ts'

const WIDTH = 760
const HEIGHT = 240
const MARGIN = { left: 56, right: 14, top: 12, bottom: 34 }

/** Where a share of the width is, from the left, and a share of the height, from below. */
export const across = (share: number) => MARGIN.left + share * (WIDTH - MARGIN.left - MARGIN.right)
export const up = (share: number) => HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom)

/** A chart with three rules from 0 to `most`, and what is drawn over them. `label` says it to who cannot see it. */
export const chartSvg = (label: string, most: number, content: readonly string[]): string =>
  [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">`,
    ...[0, 0.5, 1].map((share) => rule(up(share), Number((share * most).toPrecision(3)))),
    ...content,
    '</svg>',
  ].join('\n')

/** A text below the chart. */
export const tick = (x: number, text: string) =>
  `<text x="${x.toFixed(1)}" y="${HEIGHT - 12}" text-anchor="middle">${escapeHtml(text)}</text>`

const rule = (y: number, value: number) =>
  `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/><text x="${MARGIN.left - 6}" y="${(y + 4).toFixed(1)}" text-anchor="end">${value}</text>`
