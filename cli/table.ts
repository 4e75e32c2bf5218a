import { wrap } from '#weir/reports/terminal/wrap.ts'

/** Rows with aligned columns; the last column wraps into the remaining width. */
export function alignedRows(rows: readonly (readonly string[])[], columns: number): string {
  const widths = (rows[0] ?? [])
    .slice(0, -1)
    .map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const indent = widths.reduce((sum, width) => sum + width + 2, 0)
  const width = Math.max(columns - indent, 30)
  return rows
    .map((row) => {
      const [first = '', ...rest] = wrap(row.at(-1) ?? '', width)
      const start = widths.map((column, index) => `${row[index]!.padEnd(column)}  `).join('')
      return [start + first, ...rest.map((line) => ' '.repeat(indent) + line)].join('\n')
    })
    .join('\n')
}
