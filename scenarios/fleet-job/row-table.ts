import type { Columns, Numbers } from './arrow-table.ts'
import { fromJson, toJson } from './json.ts'

/** What of a row is no plain number. */
const REST = 'rest'

/** Rows as columns: a column for each number that every row has, and one of JSON for what is left of them. */
export function toColumns(rows: readonly object[]): Columns {
  const values = rows as readonly Record<string, unknown>[]
  const names = Object.keys(values[0] ?? {}).filter((name) =>
    values.every((row) => typeof row[name] === 'number'),
  )
  const rest = values.map((row) =>
    toJson(Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))),
  )
  const numbers = names.map((name) => [name, Float64Array.from(values, (row) => row[name] as number)])
  return { length: rows.length, columns: { ...Object.fromEntries(numbers), [REST]: rest } }
}

/** The rows again. */
export function toRows<Row>({ length, columns }: Columns): Row[] {
  const { [REST]: rest = [], ...numbers } = columns
  const named = Object.entries(numbers) as [string, Numbers][]
  return Array.from({ length }, (_, i) => ({
    ...Object.fromEntries(named.map(([name, values]) => [name, values[i]])),
    ...(fromJson(String(rest[i] ?? '{}')) as object),
  })) as Row[]
}
