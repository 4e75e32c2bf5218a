import { type LogLevel, readEmqxLine } from '#weir/facts/index.ts'
import type { LogQuery } from './query.ts'

/** A line of a log in five columns, and the pod that printed it. */
export interface Row {
  cluster: string
  /** What printed it: EMQX, or the name of another container of its pods. */
  category: string
  /** Unix milliseconds; NaN where it is not known. */
  unixMs: number
  level?: LogLevel | undefined
  content: string
  pod: string
}

export const EMQX_CATEGORY = 'EMQX'

/** What `--product` calls a category. */
export const productOf = (category: string): string => category.toLowerCase()

/** `at`: when the runtime got the line. EMQX's own time is the better one, where the line has it. */
export function rowOf(
  of: { cluster: string; category: string; pod: string },
  { at, text }: { at: string; text: string },
): Row {
  const { unixMs = Date.parse(at), level, content } = readEmqxLine(text)
  return { ...of, unixMs, level, content }
}

/** The latest rows that are wanted, in order of time; and how many there were. */
export function selected(rows: readonly Row[], query: LogQuery): { rows: Row[]; matching: number } {
  const needle = query.text?.toLowerCase()
  const matching = rows.filter(
    (row) =>
      (query.cluster === undefined || row.cluster === query.cluster) &&
      (query.product === undefined || productOf(row.category) === productOf(query.product)) &&
      (query.level === undefined || row.level === query.level) &&
      (needle === undefined || row.content.toLowerCase().includes(needle)) &&
      isWithin(row.unixMs, query),
  )
  const ordered = matching.toSorted((a, b) => (a.unixMs || 0) - (b.unixMs || 0))
  return { rows: ordered.slice(-query.latest), matching: matching.length }
}

/** A line without a time is in no range, and in the whole of time. */
const isWithin = (unixMs: number, { fromMs, toMs }: LogQuery) =>
  Number.isNaN(unixMs)
    ? fromMs === Number.NEGATIVE_INFINITY && toMs === Number.POSITIVE_INFINITY
    : unixMs >= fromMs && unixMs <= toMs
