import { runFacts } from '../facts.ts'
import { keyFigures } from '../key-figures.ts'
import { emqxVersions, repeatLine } from '../origin.ts'
import type { Report } from '../report.ts'
import { escapeHtml } from '../text/escape.ts'
import { TEXTS, HTML_TEXTS as texts } from '../texts/index.ts'
import { runTitle } from '../title.ts'
import { warningsOf } from '../warnings.ts'
import { badge } from './verdict-section.ts'

/** The outcome, the headline, and what is unusual about the run. */
export function headSection(report: Report): string {
  const { run, verdict } = report
  const { description } = run.record.manifest.scenario
  const notes = warningsOf(run)
  return [
    `<header class="${verdict.outcome}">`,
    `<p class="kicker">weir · ${escapeHtml(runTitle(report))}</p>`,
    `<h1>${badge(verdict.outcome)} <span class="headline">${escapeHtml(verdict.headline)}</span></h1>`,
    ...(verdict.deviations ? [deviations(verdict.deviations)] : []),
    ...(description ? [`<p class="description">${escapeHtml(description)}</p>`] : []),
    originOf(report),
    '</header>',
    ...(notes.length > 0
      ? [
          `<section class="notes" aria-labelledby="notes-title"><h2 id="notes-title">${texts.note}</h2><ul>`,
          ...notes.map((note) => `<li>${escapeHtml(note)}</li>`),
          '</ul></section>',
        ]
      : []),
    `<dl class="key-figures" aria-label="${texts.keyFigures}">`,
    ...keyFigures(report).map(
      ({ name, value, note }) =>
        `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}${note ? `<small>${escapeHtml(note)}</small>` : ''}</dd></div>`,
    ),
    '</dl>',
  ].join('\n')
}

/** What ran, where its record is, and how to make it again. */
function originOf(report: Report): string {
  const { run, folder } = report
  const operator = run.hasParameters ? run.parameters.dialect.operator : undefined
  const parts: [name: string, value: string | undefined][] = [
    ['EMQX', emqxVersions(run)],
    [texts.operator, operator],
    [texts.record, folder],
  ]
  const repeat = repeatLine(report)
  const rows = [
    ...parts.map(([name, value]) => (value === undefined ? '' : part(name, escapeHtml(value)))),
    repeat === undefined ? '' : part(texts.repeat, `<code>${escapeHtml(repeat)}</code>`),
  ].filter(Boolean)
  return rows.length === 0 ? '' : `<dl class="origin">${rows.join('')}</dl>`
}

const part = (name: string, html: string) => `<div><dt>${name}</dt><dd>${html}</dd></div>`

function deviations({ expected, seen, asExpected }: NonNullable<Report['verdict']['deviations']>): string {
  const [wanted, found] = [expected, seen].map((ids) => TEXTS.listed(ids) || texts.nothing)
  return `<p class="description">${escapeHtml(texts.deviates({ asExpected, expected: wanted!, seen: found! }))}</p>`
}

/** How the run was made. */
export function factsSection({ run }: Report): string {
  return [
    `<section id="facts" aria-labelledby="facts-title"><h2 id="facts-title">${texts.sections.facts}</h2><dl>`,
    ...runFacts(run).map(
      ({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
    ),
    '</dl></section>',
  ].join('\n')
}
