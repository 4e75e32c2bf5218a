import type { Comparison, RunSet } from '#weir/gate/index.ts'
import { visibleLine } from '../text/escape.ts'
import { comparisonHeadline, comparisonRows } from './rows.ts'

/** The comparison for a terminal, as rows of equal columns. */
export function comparisonTable(comparisons: readonly Comparison[]): string[][] {
  const rows = comparisonRows(comparisons).map(({ change, title, base, now, note }) => [
    change,
    title,
    base,
    now,
    note,
  ])
  return [['', 'figure', 'baseline', 'now', ''], ...rows]
}

/** What was compared with what, and what was left out. */
export function comparisonHead(base: RunSet, now: RunSet, comparisons: readonly Comparison[]): string[] {
  const { scenario, clients, connEvictRate, resource } = base.settings
  const runs = (count: number) => `${count} ${count === 1 ? 'run' : 'runs'}`
  return [
    comparisonHeadline(comparisons),
    visibleLine(
      `${scenario}, ${resource}, ${clients} clients at ${connEvictRate}/s: ${runs(now.runs)} beside a baseline of ${runs(base.runs)}.`,
    ),
    ...[...base.leftOut, ...now.leftOut].map((run) => visibleLine(`left out: ${run}`)),
  ]
}
