import { FIGURES, type FigureDefinition, figureTitleOf } from '#weir/facts/index.ts'
import type { Comparison, Spread } from '#weir/gate/index.ts'
import { figureText } from '../figures.ts'
import { COMPARISON_TEXTS as texts } from '../texts/index.ts'

/** A comparison in words. */
export interface ComparisonRow {
  change: Comparison['change']
  title: string
  base: string
  now: string
  /** What the change is, or why it cannot be told. */
  note: string
}

const ORDER: readonly Comparison['change'][] = ['worse', 'cannot tell', 'better', 'same']

/** What is worse first; figures of one kind in the order of the catalogue. */
export const comparisonRows = (comparisons: readonly Comparison[]): ComparisonRow[] =>
  ORDER.flatMap((change) => comparisons.filter((one) => one.change === change)).map(rowOf)

function rowOf({ id, change, base, now, why }: Comparison): ComparisonRow {
  const { unit } = FIGURES[id]
  return {
    change,
    title: figureTitleOf(id),
    base: spreadText(base, unit),
    now: spreadText(now, unit),
    note: why ?? (change === 'same' ? '' : differenceText(base!, now!, unit)),
  }
}

/** "1.02 s (1.00 to 1.1)": the median, and the spread where there is one. */
export function spreadText(spread: Spread | undefined, unit: FigureDefinition['unit']): string {
  if (!spread) return '–'
  const median = figureText(spread.median, unit)
  const [least, most] = [spread.least, spread.most].map((value) => figureText(value, ''))
  return least === most ? median : texts.spread({ median, least: least!, most: most! })
}

/** "+265 clients, +663 %". */
function differenceText(base: Spread, now: Spread, unit: FigureDefinition['unit']): string {
  const by = now.median - base.median
  const sign = by < 0 ? '−' : '+'
  const share = base.median === 0 ? '' : `, ${sign}${Math.round(Math.abs(by / base.median) * 100)} %`
  return `${sign}${figureText(Math.abs(by), unit)}${share}`
}

/** "2 worse, 1 cannot tell, 15 same.": the whole in one line. */
export function comparisonHeadline(comparisons: readonly Comparison[]): string {
  const parts = ORDER.flatMap((change) => {
    const { length } = comparisons.filter((one) => one.change === change)
    return length === 0 ? [] : [texts.count({ count: length, change: texts.changes[change] })]
  })
  return texts.headline(parts)
}
