/** One row of a CSV text: the value of a column by its name, '' when the row or the table lacks it. */
export type CsvRow = (column: string) => string

export interface CsvTable {
  columns: string[]
  rows: CsvRow[]
}

/**
 * A CSV text with a header line. Values may be quoted; a quote inside is written `""` (RFC 4180) or `\"` (as
 * some recorders do).
 */
export function parseCsv(text: string): CsvTable {
  const lines = text.split('\n')
  const columns = cells(lines[0] ?? '').map((name) => name.trim())
  const at = new Map(columns.map((name, index) => [name, index]))
  const rows = lines.slice(1).flatMap((line): CsvRow[] => {
    if (line.trim() === '') return []
    const values = cells(line)
    return [(column) => values[at.get(column) ?? -1]?.trim() ?? '']
  })
  return { columns, rows }
}

function cells(line: string): string[] {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line
  if (!text.includes('"')) return text.split(',')
  const values: string[] = []
  let value = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    const escaped = quoted && text[i + 1] === '"' && (char === '\\' || char === '"')
    if (escaped) value += text[++i]
    else if (char === '"') quoted = !quoted
    else if (char === ',' && !quoted) {
      values.push(value)
      value = ''
    } else value += char
  }
  return [...values, value]
}

/** A finite number, also "0x9c"; undefined for anything else. */
export function numberIn(text: string): number | undefined {
  if (text === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
