import { createHash } from 'node:crypto'
import { FIGURES, type FigureId, figureTitleOf, language } from '#weir/facts/index.ts'
import { figureText } from '#weir/reports/figures.ts'
import { escapeHtml } from '#weir/reports/text/escape.ts'
import { utcOf } from '#weir/reports/text/time.ts'
import type { ListedRun } from './list-runs.ts'
import { SERVE_TEXTS as texts } from './texts.ts'

/** The figures that the list shows. */
const SHOWN: readonly FigureId[] = ['took', 'downtimeP99', 'offlinePeak', 'evictionsBurst']

const STYLE = `
:root { color-scheme: light dark; --ink: #16202b; --soft: #56616e; --line: #d9dee4; --paper: #fff; --link: #0b5cad; --pass: #0b6b43; --fail: #b3261e; --open: #7a5200 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #a3afbb; --line: #333e49; --paper: #11161c; --link: #79b8ff; --pass: #6fd6a5; --fail: #ff9d94; --open: #f0c35a } }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
a { color: var(--link); overflow-wrap: anywhere }
ul { list-style: none; padding: 0 }
li { border-top: 1px solid var(--line); padding: .5rem 0 }
p { margin: 0; overflow-wrap: anywhere }
.soft { color: var(--soft) }
.state { font-weight: 700; color: var(--open) }
.state.pass { color: var(--pass) }
.state.fail, .state.broken { color: var(--fail) }
.figures { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem }
svg { display: block; width: 10rem; height: 2rem }
polyline { fill: none; stroke: var(--link); stroke-width: 2 }
circle { fill: var(--link) }
`

/** Nothing but the page's own style: whatever a record has in it stays text. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The list of runs, by scenario: outcome, headline, key figures, and their course over the runs. */
export function runsPage(runs: readonly ListedRun[]): string {
  const scenarios = new Map<string, ListedRun[]>()
  for (const run of runs) {
    const name = run.scenario ?? texts.noRecord
    scenarios.set(name, [...(scenarios.get(name) ?? []), run])
  }
  return [
    '<!doctype html>',
    `<html lang="${language() === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${texts.runs} · weir</title><style>${STYLE}</style></head><body><main><h1>${texts.runs}</h1>`,
    ...(runs.length === 0 ? [`<p>${texts.none}</p>`] : []),
    ...[...scenarios].flatMap(([name, of]) => [
      `<section><h2>${escapeHtml(name)}</h2>`,
      `<div class="figures">${SHOWN.map((figure) => sparkline(figure, of)).join('')}</div>`,
      `<ul>${of.map(row).join('\n')}</ul></section>`,
    ]),
    '</main></body></html>',
    '',
  ].join('\n')
}

function row({ name, state, words, startedUnixMs, figures, scenario }: ListedRun): string {
  const shown = SHOWN.flatMap((id) => {
    const value = figures[id]
    return value === undefined
      ? []
      : [
          `<span>${escapeHtml(texts.figure({ title: figureTitleOf(id), value: figureText(value, FIGURES[id].unit) }))}</span>`,
        ]
  })
  const isReadable = scenario !== undefined && state !== 'broken'
  const title = isReadable
    ? `<a href="/runs/${encodeURIComponent(name)}">${escapeHtml(name)}</a>`
    : `<span>${escapeHtml(name)}</span>`
  const when = startedUnixMs === undefined ? '' : ` <span class="soft">${utcOf(startedUnixMs)}</span>`
  return [
    `<li><p><span class="state ${state.replace(' ', '-')}">${texts.states[state]}</span> ${title}${when}</p>`,
    `<p>${escapeHtml(words)}</p>`,
    ...(shown.length > 0 ? [`<p class="figures soft">${shown.join(' ')}</p>`] : []),
    '</li>',
  ].join('')
}

/** The course of a figure over the runs, the newest at the right. Nothing for fewer than two. */
function sparkline(figure: FigureId, runs: readonly ListedRun[]): string {
  const values = runs.flatMap(({ figures }) => figures[figure] ?? []).reverse()
  if (values.length < 2) return ''
  const most = Math.max(...values, Number.MIN_VALUE)
  const points = values.map((value, index) => [
    4 + (152 * index) / (values.length - 1),
    28 - (24 * Math.max(0, value)) / most,
  ])
  const { unit } = FIGURES[figure]
  const title = figureTitleOf(figure)
  const [x, y] = points.at(-1)!
  const words = texts.figure({ title, value: values.map((value) => figureText(value, unit)).join(', ') })
  return `<div><p class="soft">${escapeHtml(title)}</p><svg viewBox="0 0 160 32" role="img" aria-label="${escapeHtml(words)}"><polyline points="${points.map((point) => point.join(',')).join(' ')}"/><circle cx="${x}" cy="${y}" r="3"/></svg></div>`
}
