import type { Comparison, RunSet } from '#weir/gate/index.ts'
import { escapeMarkdown as md } from '../text/escape.ts'
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
    `## Compared with the baseline: ${md(headline)}`,
    '',
    ...lines.flatMap((line) => [md(line), '']),
    `<details${isOpen ? ' open' : ''}><summary>Figures</summary>`,
    '',
    '| | figure | baseline | now | |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ change, title, base: before, now: after, note }) =>
        `| ${change} | ${md(title)} | ${md(before)} | ${md(after)} | ${md(note)} |`,
    ),
    '',
    '</details>',
    '',
  ].join('\n')
}
