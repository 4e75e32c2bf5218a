import type { Argv } from 'yargs'
import yargs from 'yargs'
import { LANGUAGES } from '#weir/facts/index.ts'
import type { Registration } from '../command.ts'
import { valuesOf } from './values.ts'

/** Flags of every command. */
const COMMON: readonly string[] = ['--help', '--debug', '--lang']

/** What yargs knows of the flags of a command; its types leave it out. */
interface Declared {
  key: Readonly<Record<string, unknown>>
  alias: Readonly<Record<string, readonly string[]>>
  boolean: readonly string[]
  array: readonly string[]
  choices: Readonly<Record<string, readonly string[]>>
  default: Readonly<Record<string, unknown>>
}

/** What may stand in place of the last of these words, which follow "weir". Nothing where only a file may. */
export async function candidates(
  words: readonly string[],
  commands: readonly Registration[],
): Promise<string[]> {
  const current = words.at(-1) ?? ''
  const found = await possible(words.slice(0, -1), current, commands)
  return found.filter((word) => word.startsWith(current))
}

async function possible(
  before: readonly string[],
  current: string,
  commands: readonly Registration[],
): Promise<string[]> {
  if (before.at(-1) === '--lang') return [...LANGUAGES]
  if (before[0] === 'help') return possible(before.slice(1), current, withoutFlags(commands))
  let known = commands
  for (const [index, word] of before.entries()) {
    const command = known.find(({ name }) => name === word)
    if (command === undefined) return []
    if (command.members.length === 0) return ofCommand(command, before.slice(index + 1), current)
    known = command.members
  }
  if (current.startsWith('-')) return known === commands ? [...COMMON, '--version'] : [...COMMON]
  const names = known.filter(({ isHidden }) => !isHidden).map(({ name }) => name)
  return known === commands ? [...names, 'help'] : names
}

/** Commands alone: help takes nothing else. */
const withoutFlags = (commands: readonly Registration[]): Registration[] =>
  commands.map((command) => ({
    ...command,
    members: withoutFlags(command.members),
    positionals: [],
    declare: (argv) => argv.help(false),
  }))

async function ofCommand(
  { name: command, positionals, declare }: Registration,
  before: readonly string[],
  current: string,
): Promise<string[]> {
  const declared = declaredBy(declare)
  const values = async (name: string) => declared.choices[name] ?? (await valuesOf(command, name))
  const last = flagOf(before.at(-1), declared)
  if (last !== undefined && takesValue(last, declared)) return [...(await values(last))]
  if (current.startsWith('-')) return flags(before, positionals, declared)
  const given = before.filter(
    (word, index) => !word.startsWith('-') && !takesValue(flagOf(before[index - 1], declared), declared),
  )
  const positional = positionals[Math.min(given.length, positionals.length - 1)]
  const isFull = given.length >= positionals.length && !declared.array.includes(positional ?? '')
  return positional === undefined || isFull ? [] : [...(await values(positional))]
}

function declaredBy(declare: Registration['declare']): Declared {
  const parser = declare(yargs()) as Argv & { getOptions(): Declared }
  return parser.getOptions()
}

/** The own name of the flag that a word is; undefined for a word that is none. */
function flagOf(word: string | undefined, { key, alias }: Declared): string | undefined {
  const [, flag] = /^--?([a-z][\w-]*)$/i.exec(word ?? '') ?? []
  if (flag === undefined) return undefined
  const own = Object.keys(alias).find((name) => alias[name]!.includes(flag)) ?? flag
  return own in key ? own : undefined
}

const takesValue = (flag: string | undefined, { boolean }: Declared): boolean =>
  flag !== undefined && !boolean.includes(flag)

/** The long names of the flags that are not given yet, or may be given again. */
function flags(before: readonly string[], positionals: readonly string[], declared: Declared): string[] {
  const given = before.flatMap((word) => flagOf(word, declared) ?? [])
  const aliases = Object.values(declared.alias).flat()
  const names = Object.keys(declared.key).filter(
    (name) =>
      ![...positionals, ...aliases, 'help', 'version'].includes(name) &&
      (!given.includes(name) || declared.array.includes(name)),
  )
  const isOn = (name: string) => declared.boolean.includes(name) && declared.default[name] === true
  return [...names.map((name) => (isOn(name) ? `--no-${name}` : `--${name}`)), ...COMMON]
}
