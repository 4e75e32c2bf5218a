import {
  FIGURE_IDS,
  type FigureDefinition,
  type FigureId,
  type Figures,
  figureTitleOf,
  unitText,
} from '#weir/facts/index.ts'
import { TEXTS } from './texts/index.ts'

/** A figure in words, with its unit. */
export interface FigureRow {
  id: FigureId
  title: string
  value: string
  /** "at most 10 s", or empty where nothing holds the figure to a bound. */
  bound: string
  /** What is left to the bound; empty without one. */
  margin: string
}

/** The figures that the record shows, in the order of the catalogue. */
export function figureRows(figures: Figures): FigureRow[] {
  return FIGURE_IDS.flatMap((id) => {
    const { value, unit, better, bound, margin } = figures[id]
    if (value === null) return []
    return [
      {
        id,
        title: figureTitleOf(id),
        value: figureText(value, unit),
        bound:
          bound === undefined
            ? ''
            : TEXTS.figures.bound({ isMost: better === 'lower', value: figureText(bound, unit) }),
        margin: margin === undefined ? '' : figureText(margin, unit),
      },
    ]
  })
}

/** Three digits are as many as two runs of one build share. */
export function figureText(value: number, unit: FigureDefinition['unit']): string {
  const number = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)))
  const words = unitText(unit)
  return words === '' || words.startsWith('/') ? `${number}${words}` : `${number} ${words}`
}
