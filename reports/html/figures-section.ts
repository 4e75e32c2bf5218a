import { FIGURES, type FigureId } from '#weir/facts/index.ts'
import { spreadOf } from '#weir/gate/index.ts'
import { spreadText } from '../comparison/rows.ts'
import { figureRows } from '../figures.ts'
import type { Report } from '../report.ts'
import { HTML_TEXTS as texts } from '../texts/index.ts'
import { table } from './table.ts'

/** The figures that are compared between runs, each with its bound and that of a baseline; nothing where the record shows none. */
export function figuresSection({ verdict, baseline }: Report): string {
  const rows = figureRows(verdict.figures)
  if (rows.length === 0) return ''
  const before = (id: FigureId) => {
    const values = baseline?.figures[id]
    return spreadText(values && values.length > 0 ? spreadOf(values) : undefined, FIGURES[id].unit)
  }
  return [
    `<section id="figures" aria-labelledby="figures-title"><h2 id="figures-title">${texts.sections.figures}</h2>`,
    table(
      texts.compared,
      [...texts.figureColumns, ...(baseline ? [texts.baselineColumn(baseline)] : [])],
      rows.map(({ id, title, value, bound, margin }) => ({
        name: title,
        values: [value, bound || '–', margin || '–', ...(baseline ? [before(id)] : [])],
      })),
    ),
    '</section>',
  ].join('\n')
}
