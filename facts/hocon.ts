/**
 * A HOCON document, as far as configurations of EMQX use the language: objects with or without root braces, dotted and
 * quoted keys, merging of repeated keys, lists, comments, three kinds of text. Throws a HoconError that names the line.
 */
export function parseHocon(text: string): HoconObject {
  const scanner = new Scanner(text)
  scanner.skip(true)
  const braced = scanner.take('{')
  const root = members(scanner, braced ? '}' : '')
  scanner.skip(true)
  if (!scanner.isAtEnd) scanner.fail(`"${scanner.peek()}" stands behind the end`)
  return root
}

function members(scanner: Scanner, end: string): HoconObject {
  let found: HoconObject = {}
  for (;;) {
    do scanner.skip(true)
    while (scanner.take(','))
    if (scanner.isAtEnd) {
      if (end !== '') scanner.fail(`no ${end} follows`)
      return found
    }
    if (end !== '' && scanner.take(end)) return found
    const path = keyPath(scanner)
    scanner.skip(false)
    const isAssigned = scanner.take('=') || scanner.take(':')
    if (!isAssigned && scanner.peek() !== '{') scanner.fail(`"${path.join('.')}" has no value`)
    const value = readValue(scanner)
    found = merge(found, nest(path, value)) as HoconObject
    const isSeparated = scanner.skip(false) || scanner.peek() === ',' || scanner.isAtEnd
    if (!isSeparated && scanner.peek() !== end) scanner.fail(`"${scanner.peek()}" follows a value`)
  }
}

const nest = (path: string[], value: Hocon): HoconObject =>
  path.reduceRight<Hocon>((inner, key) => ({ [key]: inner }), value) as HoconObject

function keyPath(scanner: Scanner): string[] {
  const path: string[] = []
  do {
    const key = scanner.peek() === '"' ? scanner.quoted() : scanner.unquoted('.')
    if (key === '') scanner.fail('a key is missing')
    path.push(key)
  } while (scanner.take('.'))
  return path
}

function readValue(scanner: Scanner): Hocon {
  scanner.skip(true)
  if (scanner.take('{')) return members(scanner, '}')
  if (scanner.take('[')) return items(scanner)
  if (scanner.peek() === '"') return scanner.quoted()
  const text = scanner.unquoted()
  if (text === '') scanner.fail('a value is missing')
  return text
}

function items(scanner: Scanner): Hocon[] {
  const found: Hocon[] = []
  for (;;) {
    do scanner.skip(true)
    while (scanner.take(','))
    if (scanner.take(']')) return found
    if (scanner.isAtEnd) scanner.fail('no ] follows')
    found.push(readValue(scanner))
  }
}

/** What ends an unquoted text. */
const FORBIDDEN = new Set('{}[],:=\n#"')

export class HoconError extends Error {
  override readonly name = 'HoconError'
}

/** Reads a HOCON document a token at a time. */
class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  peek(): string {
    return this.#text[this.#at] ?? ''
  }

  fail(what: string): never {
    const line = this.#text.slice(0, this.#at).split('\n').length
    throw new HoconError(`line ${line}: ${what}`)
  }

  take(character: string): boolean {
    if (this.peek() !== character) return false
    this.#at += 1
    return true
  }

  /** Skips blanks and comments, and newlines where these mean nothing. True when there was a newline. */
  skip(newlines: boolean): boolean {
    let found = false
    for (; !this.isAtEnd; this.#at += 1) {
      const isComment = this.peek() === '#' || this.#text.startsWith('//', this.#at)
      if (isComment) {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end === -1 ? this.#text.length : end
      }
      if (this.peek() === '\n') {
        found = true
        if (!newlines) return found
      } else if (!/\s/.test(this.peek())) return found
    }
    return found
  }

  /** A text in one or three quotes. */
  quoted(): string {
    if (this.#text.startsWith('"""', this.#at)) return this.#until('"""')
    const end = /^"(?:[^"\\\n]|\\.)*"/.exec(this.#text.slice(this.#at))?.[0]
    if (end === undefined) this.fail('a text has no closing quote')
    this.#at += end.length
    try {
      return JSON.parse(end) as string
    } catch {
      return this.fail(`${end} is no text`)
    }
  }

  /** Everything up to what cannot stand in an unquoted text, without the blanks around it. */
  unquoted(stops = ''): string {
    const from = this.#at
    while (!this.isAtEnd && !FORBIDDEN.has(this.peek()) && !stops.includes(this.peek())) {
      const isComment = this.#text.startsWith('//', this.#at) && /\s/.test(this.#text[this.#at - 1] ?? ' ')
      if (isComment) break
      // A substitution stands for itself: braces and all.
      if (this.#text.startsWith('${', this.#at)) this.#until('}')
      else this.#at += 1
    }
    return this.#text.slice(from, this.#at).trim()
  }

  #until(end: string): string {
    const from = this.#at
    const to = this.#text.indexOf(end, from + end.length)
    if (to === -1) this.fail(`no ${end} follows`)
    this.#at = to + end.length
    return this.#text.slice(from + end.length, to)
  }
}

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
function merge(before: Hocon | undefined, later: Hocon): Hocon {
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
