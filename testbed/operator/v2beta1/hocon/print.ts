import { type Hocon, isObject } from './value.ts'

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
