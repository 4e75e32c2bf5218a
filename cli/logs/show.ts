import { DIRECTION_OVERRIDES, visibleLine } from '#weir/reports/text/escape.ts'
import type { Output } from '../output.ts'
import type { LogQuery } from './query.ts'
import { type Row, selected } from './row.ts'

/** Lines, and what is to be known about what is not among them. */
export interface Found {
  rows: readonly Row[]
  notes: readonly string[]
}

const COLUMNS = ['CLUSTER', 'CATEGORY', 'TIME', 'LEVEL', 'CONTENT'] as const

/** Prints the wanted lines: a table, or one JSON object a line. Notes go to stderr. */
export function show({ rows, notes }: Found, query: LogQuery, isJson: boolean, output: Output): void {
  const found = selected(rows, query)
  for (const row of isJson ? found.rows.map(jsonLine) : table(found.rows)) output.print(row)
  for (const note of notes) output.note(`weir: ${visibleLine(note)}`)
  if (found.matching > found.rows.length)
    output.note(
      `weir: the latest ${found.rows.length} of ${found.matching} lines are shown: --latest shows more, --from, --level and --text choose`,
    )
  else if (found.rows.length === 0) output.note('weir: no line matches')
}

const timeOf = ({ unixMs }: Row) => (Number.isNaN(unixMs) ? '' : new Date(unixMs).toISOString())

/** Every line of a log is somebody else's text: it may not drive a terminal. */
function table(rows: readonly Row[]): string[] {
  if (rows.length === 0) return []
  const cells = rows.map((row) =>
    [row.cluster, row.category, timeOf(row), row.level ?? '', row.content].map(visibleLine),
  )
  // One call with all lengths as arguments overflows the stack at some 100,000 rows.
  const widths = COLUMNS.map((title, i) =>
    cells.reduce((most, row) => Math.max(most, row[i]!.length), title.length),
  )
  return [[...COLUMNS], ...cells].map((row) =>
    row
      .map((cell, i) => (i === COLUMNS.length - 1 ? cell : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** JSON escapes most of what drives a terminal, but not all. */
const UNESCAPED = new RegExp(`[\\u007f-\\u009f${DIRECTION_OVERRIDES}]`, 'g')

function jsonLine(row: Row): string {
  const { cluster, category, level = null, content, pod } = row
  const text = JSON.stringify({ cluster, category, time: timeOf(row) || null, level, content, pod })
  return text.replace(UNESCAPED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
