import { Scanner } from './scanner.ts'
import { type Hocon, type HoconObject, merge } from './value.ts'
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
