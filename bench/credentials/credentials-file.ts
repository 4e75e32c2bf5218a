import { readFileSync } from 'node:fs'
import { messageOf, usageError, type WeirError } from '#weir/errors/index.ts'
import { TWO_BYTES } from '../codec/fields.ts'

export const COLUMNS = ['clientid', 'username', 'password'] as const
type Column = (typeof COLUMNS)[number]

/** The columns of a file of credentials that are there: value k of each is of the k-th client. */
export type CredentialColumns = { [name in Column]?: string[] } & { path: string; length: number }

/**
 * Reads a CSV file (RFC 4180) with a header of `clientid`, `username` and `password`, in any order; which of them are there decides what
 * the file sets. Values are taken by their letters. Throws WEIR_USAGE for a file that cannot be meant, without its values: they may be
 * secrets.
 */
export function readCredentials(path: string): CredentialColumns {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw usageError(
      `--credentials ${path} cannot be read (${messageOf(cause)}): it must be a CSV file with the columns ${COLUMNS.join(', ')}`,
      cause,
    )
  }
  return parseCredentials(path, text)
}

/** The same of a text; `path` names it in errors. */
export function parseCredentials(path: string, text: string): CredentialColumns {
  const [header, ...rows] = parseCsv(path, text.replace(/^\ufeff/, ''))
  const names = headerOf(path, header?.values ?? [])
  const columns: Record<string, string[]> = Object.fromEntries(names.map((name) => [name, []]))
  for (const { line, values } of rows) {
    if (values.length !== names.length)
      throw wrong(path, `line ${line} has ${count(values.length, 'value')}, and the header ${names.length}`)
    for (const [i, name] of names.entries()) {
      check(path, line, name, values[i]!)
      columns[name]!.push(values[i]!)
    }
  }
  requireDifferent(path, rows, names.indexOf('clientid'))
  return { ...columns, path, length: rows.length }
}

function headerOf(path: string, header: readonly string[]): Column[] {
  const names = header.map((name) => name.trim().toLowerCase())
  const known = names.filter((name) => (COLUMNS as readonly string[]).includes(name))
  // What is no header may be a user and a password: it is not shown.
  if (known.length === 0)
    throw wrong(path, `the first line must be a header, and names none of ${COLUMNS.join(', ')}`)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw wrong(path, `the header has the column "${unknown}", and may have only ${COLUMNS.join(', ')}`)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw wrong(path, `the header has the column "${twice}" twice`)
  return names as Column[]
}

function check(path: string, line: number, name: Column, value: string): void {
  if (name === 'clientid' && value === '') throw wrong(path, `line ${line} has no client id`)
  if (value.includes('\0') && name !== 'password')
    throw wrong(path, `line ${line} has a null character in its ${name}, which MQTT does not allow`)
  if (Buffer.byteLength(value) > TWO_BYTES)
    throw wrong(
      path,
      `line ${line} has more than ${TWO_BYTES} bytes in its ${name}, which MQTT does not allow`,
    )
}

function requireDifferent(path: string, rows: readonly Row[], column: number): void {
  if (column < 0) return
  const lines = new Map<string, number>()
  for (const { line, values } of rows) {
    const id = values[column]!
    const before = lines.get(id)
    if (before !== undefined)
      throw wrong(
        path,
        `lines ${before} and ${line} both have the client id "${id}", and one would take over from the other`,
      )
    lines.set(id, line)
  }
}

interface Row {
  /** Where it begins, from 1. */
  line: number
  values: string[]
}

/** A value is quoted, with its quotes doubled, or has no quote, comma or end of line. Lines without anything are skipped. */
const VALUE = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y

function parseCsv(path: string, text: string): Row[] {
  const rows: Row[] = []
  let row: Row = { line: 1, values: [] }
  let line = 1
  VALUE.lastIndex = 0
  while (VALUE.lastIndex < text.length || row.values.length > 0) {
    const match = VALUE.exec(text)
    if (!match)
      throw wrong(
        path,
        `line ${line} has a quote in a value that is not quoted, or a quoted value without its end`,
      )
    const [whole, quoted, plain = '', end] = match
    row.values.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'))
    line += whole.split('\n').length - 1
    if (end === ',') continue
    if (row.values.length > 1 || whole.trim() !== '') rows.push(row)
    row = { line, values: [] }
  }
  return rows
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

function wrong(path: string, what: string): WeirError {
  return usageError(`--credentials ${path}: ${what}: correct the file`)
}
