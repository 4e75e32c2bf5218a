import { optionsOf } from '#weir/bench/command/options.ts'
import { usageError } from '#weir/errors/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'
import { FOREIGN_FLAGS, FOREIGN_VALUES } from './foreign-flags.ts'
import type { BenchOptions } from './parse.ts'

interface Declared {
  name: string
  /** -d, or --duration. */
  spelled: string
  kind: 'toggle' | 'number' | 'text' | 'list'
}

/** Flags of every command. */
const GLOBAL = ['help', 'version', 'debug', 'lang']

/**
 * Refuses mistakes with the flags of a bench command for which there is better advice than the parser's: flags and values of other tools,
 * a missing space, a value too much. Does nothing for other commands, and for what the parser understands or explains itself. Throws
 * WEIR_USAGE.
 */
export function adviseOnFlags(words: readonly string[]): void {
  const [group, command, ...rest] = words
  if (group !== 'bench' || !(command! in optionsOf)) return
  const flags = declaredFlags(optionsOf[command as keyof typeof optionsOf])
  let last: Declared | undefined
  /** Values that belong to the last flag so far. */
  let values = 0
  for (const word of rest) {
    if (word === '--') return
    if (/^[–—]/.test(word))
      throw wrong(word, `begins with a dash of typesetting: write the "-" of the keyboard`)
    if (/^-[^\d.]/.test(word)) {
      const [flag, value] = splitOnce(word)
      last = flags.get(flag.replace(/^-+/, ''))
      values = value === undefined ? 0 : 1
      if (!last) {
        adviseOnUnknown(flag, flags)
        // The parser has the last word on it.
        return
      }
      if (value !== undefined) adviseOnValue(last, value)
    } else adviseOnWord(word, last, values++)
  }
}

function declaredFlags(options: BenchOptions): Map<string, Declared> {
  const flags = new Map<string, Declared>()
  for (const [name, { type, array, alias, requiresArg }] of Object.entries(options)) {
    const kind =
      type === 'boolean'
        ? 'toggle'
        : array || requiresArg === false
          ? 'list'
          : type === 'number'
            ? 'number'
            : 'text'
    for (const spelling of [name, ...(typeof alias === 'string' ? [alias] : [])])
      flags.set(spelling, { name, kind, spelled: `${spelling === alias ? '-' : '--'}${spelling}` })
    if (kind === 'toggle') flags.set(`no-${name}`, { name, kind, spelled: `--no-${name}` })
  }
  for (const name of GLOBAL) flags.set(name, { name, kind: 'list', spelled: `--${name}` })
  return flags
}

function splitOnce(word: string): [flag: string, value?: string] {
  const at = word.indexOf('=')
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)]
}

function adviseOnUnknown(flag: string, flags: ReadonlyMap<string, Declared>): void {
  const name = flag.replace(/^-+/, '')
  const advice = FOREIGN_FLAGS[flag] ?? FOREIGN_FLAGS[`--${name}`]
  if (advice) throw wrong(flag, `is not a flag of this command: ${advice}`)
  if (flag.startsWith('--') || didYouMean(`--${name}`, longNames(flags)).includes('did you mean')) return
  // The longest short flag that it begins with: -rp100 is -rp, not -r.
  for (let length = Math.min(3, name.length - 1); length > 0; length--) {
    const start = flags.get(name.slice(0, length))
    const rest = name.slice(length)
    if (!start || start.kind === 'toggle' || !start.spelled.startsWith('-') || start.spelled.startsWith('--'))
      continue
    if (start.kind === 'number' && !/^\d/.test(rest)) continue
    const isSecret = start.name === 'password'
    throw wrong(
      isSecret ? '-P…' : flag,
      `is not a flag: write a space between a flag and its value: ${start.spelled} ${isSecret ? '…' : rest}`,
    )
  }
}

const longNames = (flags: ReadonlyMap<string, Declared>): string[] =>
  [...flags.keys()].filter((name) => name.length > 3).map((name) => `--${name}`)

function adviseOnWord(word: string, flag: Declared | undefined, before: number): void {
  if (!flag) throw wrong(word, `belongs to no flag: name the broker with -h, and topics with -t`)
  if (flag.kind === 'list') return
  if (flag.kind === 'toggle') {
    if (before === 0 && /^(true|false)$/.test(word)) return
    const duration =
      flag.name === 'dup' && /^\d/.test(word)
        ? `: for a duration use --duration ${word}`
        : `: remove "${word}"`
    throw wrong(
      flag.spelled,
      `is ${flag.spelled.startsWith('--') ? 'a switch' : `--${flag.name}`} and takes no value${duration}`,
    )
  }
  if (before > 0)
    // The rest of a password is not shown.
    throw wrong(
      flag.name === 'password' ? '…' : word,
      `belongs to no flag: if it is part of the value of ${flag.spelled}, quote the value`,
    )
  adviseOnValue(flag, word)
}

function adviseOnValue({ name, kind, spelled }: Declared, value: string): void {
  const isWrongNumber = kind === 'number' && !/^-?[\d.]+(e\d+)?$/i.test(value)
  if (kind === 'number' && !isWrongNumber) return
  const foreign = FOREIGN_VALUES[name]?.(value)
  if (isWrongNumber) {
    const hint = foreign ?? numberHint(value)
    throw usageError(`${spelled} takes a number, and not "${value}"${hint ? `: ${hint}` : ''}`)
  }
  if (foreign) throw usageError(`${spelled} is ${value}: ${foreign}`)
}

function numberHint(value: string): string | undefined {
  if (/^\d{1,3}([,_']\d{3})+$/.test(value)) return `write ${value.replace(/\D/g, '')}`
  const [, thousands] = /^([\d.]+)k$/i.exec(value) ?? []
  if (thousands !== undefined) return `write ${Number(thousands) * 1000}`
  return /^[\d.]+(ms|s|m|min|h)$/i.test(value) ? 'leave out the unit, which --help names' : undefined
}

const wrong = (word: string, what: string) => usageError(`"${word}" ${what}`)
