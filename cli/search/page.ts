import { FIGURES, type FigureId } from '#weir/facts/index.ts'
import { type Dot, renderSearch } from '#weir/reports/index.ts'
import type { SearchResult } from '#weir/search/index.ts'
import type { RunTrial } from './run-search.ts'
import { type Asked, frontierRows } from './tell.ts'

/** Drawn whatever was asked for: what a faster rate or a larger fleet costs. */
const ALWAYS: readonly FigureId[] = ['downtimeP99', 'offlinePeak', 'attemptsPeak', 'took']

/** The frontier as a page: a figure over the value, a dot for each run. */
export function searchPage(result: SearchResult<RunTrial>, { vary }: Asked, headline: string): string {
  const dots = (figure: FigureId): Dot[] =>
    result.tried.flatMap(({ value, trials }) =>
      trials.flatMap(({ outcome, figures }) => {
        const y = figures[figure]
        return y === null ? [] : [{ x: value, y, outcome }]
      }),
    )
  return renderSearch({
    headline,
    vary,
    edge: { holds: result.holds, fails: result.fails },
    charts: ALWAYS.map((id) => ({ title: FIGURES[id].title, unit: FIGURES[id].unit, dots: dots(id) })),
    rows: frontierRows(result, vary),
  })
}
