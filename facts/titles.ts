import { type AssertionId, definitionOf } from './assertions/index.ts'
import { FIGURES, type FigureDefinition, type FigureId } from './figures.ts'
import { language } from './language.ts'
import { FIGURE_TITLES, UNITS } from './zh/figures.ts'
import { TITLES } from './zh/titles.ts'

/** The title of an assertion in the language chosen. */
export const titleOf = (id: AssertionId): string =>
  language() === 'zh' ? TITLES[id] : definitionOf(id).title

/** The title of a figure in the language chosen. */
export const figureTitleOf = (id: FigureId): string =>
  language() === 'zh' ? FIGURE_TITLES[id] : FIGURES[id].title

/** The unit of a figure in the language chosen. */
export const unitText = (unit: FigureDefinition['unit']): string => (language() === 'zh' ? UNITS[unit] : unit)
