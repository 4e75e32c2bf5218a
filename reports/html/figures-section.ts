import { figureRows } from '../figures.ts'
import type { Report } from '../report.ts'
import { HTML_TEXTS as texts } from '../texts/index.ts'
import { table } from './table.ts'

/** The figures that are compared between runs, each with its bound; nothing where the record shows none. */
export function figuresSection({ verdict }: Report): string {
  const rows = figureRows(verdict.figures)
  if (rows.length === 0) return ''
  return [
    `<section id="figures" aria-labelledby="figures-title"><h2 id="figures-title">${texts.sections.figures}</h2>`,
    table(
      texts.compared,
      texts.figureColumns,
      rows.map(({ title, value, bound, margin }) => ({
        name: title,
        values: [value, bound || '–', margin || '–'],
      })),
    ),
    '</section>',
  ].join('\n')
}
