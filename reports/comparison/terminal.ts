import type { Comparison, RunSet } from '#weir/gate/index.ts'
import { visibleLine } from '../text/escape.ts'
import { COMPARISON_TEXTS as texts } from '../texts/index.ts'
import { comparisonHeadline, comparisonRows } from './rows.ts'

/** The comparison for a terminal, as rows of equal columns. */
export function comparisonTable(comparisons: readonly Comparison[]): string[][] {
  const rows = comparisonRows(comparisons).map(({ change, title, base, now, note }) => [
    texts.changes[change],
    title,
    base,
    now,
    note,
  ])
  return [[...texts.columns], ...rows]
}

/** What was compared with what, and what was left out. */
export function comparisonHead(base: RunSet, now: RunSet, comparisons: readonly Comparison[]): string[] {
  const { scenario, clients, connEvictRate, resource } = base.settings
  return [
    comparisonHeadline(comparisons),
    visibleLine(
      texts.what({
        ...{ scenario, resource, clients, rate: connEvictRate },
        now: texts.runs(now.runs),
        base: texts.runs(base.runs),
      }),
    ),
    ...[...base.leftOut, ...now.leftOut].map((run) => visibleLine(texts.leftOut(run))),
  ]
}
