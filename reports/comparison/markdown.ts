import type { Comparison, RunSet } from '#weir/gate/index.ts'
import { escapeMarkdown as md } from '../text/escape.ts'
import { COMPARISON_TEXTS as texts } from '../texts/index.ts'
import { comparisonRows } from './rows.ts'
import { comparisonHead } from './terminal.ts'

/** The comparison for a pull request or a job's page: what was compared, and a table that is open where something is worse. */
export function renderComparisonMarkdown(
  base: RunSet,
  now: RunSet,
  comparisons: readonly Comparison[],
): string {
  const [headline = '', ...lines] = comparisonHead(base, now, comparisons)
  const rows = comparisonRows(comparisons)
  const isOpen = rows.some(({ change }) => change === 'worse')
  return [
    `## ${texts.heading(md(headline))}`,
    '',
    ...lines.flatMap((line) => [md(line), '']),
    `<details${isOpen ? ' open' : ''}><summary>${texts.figures}</summary>`,
    '',
    `|${texts.columns.map((name) => (name === '' ? ' ' : ` ${name} `)).join('|')}|`,
    '|---|---|---|---|---|',
    ...rows.map(
      ({ change, title, base: before, now: after, note }) =>
        `| ${texts.changes[change]} | ${md(title)} | ${md(before)} | ${md(after)} | ${md(note)} |`,
    ),
    '',
    '</details>',
    '',
  ].join('\n')
}
