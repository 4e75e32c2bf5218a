/** A HOCON value. Scalars are kept as the text of the document. */
export type Hocon = string | Hocon[] | HoconObject
export interface HoconObject {
  [key: string]: Hocon
}

export const isObject = (value: Hocon | undefined): value is HoconObject =>
  typeof value === 'object' && !Array.isArray(value)

/** The value under a path of keys. */
export function at(value: Hocon | undefined, ...path: string[]): Hocon | undefined {
  let found = value
  for (const key of path) found = isObject(found) ? found[key] : undefined
  return found
}

/** Two objects become one, key by key; of anything else the later one stays (HOCON, "Duplicate keys and object merging"). */
export function merge(before: Hocon | undefined, later: Hocon): Hocon {
  if (!isObject(before) || !isObject(later)) return later
  const merged: HoconObject = { ...before }
  for (const [key, value] of Object.entries(later)) merged[key] = merge(merged[key], value)
  return merged
}

const PLAIN = /^[A-Za-z0-9_.+-]+$/

const text = (value: string) => (PLAIN.test(value) ? value : JSON.stringify(value))
const key = (value: string) => (/^[A-Za-z0-9_-]+$/.test(value) ? value : JSON.stringify(value))

function inner(value: Hocon, indent: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => inner(item, indent)).join(', ')}]`
  if (isObject(value)) return `{\n${lines(value, `${indent}  `)}${indent}}`
  return value.startsWith('${') ? value : text(value)
}

const lines = (value: Record<string, Hocon>, indent: string): string =>
  Object.entries(value)
    .map(([name, item]) => `${indent}${key(name)} = ${inner(item, indent)}\n`)
    .join('')

/** The document as text again: one key a line, without root braces. */
export const printHocon = (value: Record<string, Hocon>): string => lines(value, '')
