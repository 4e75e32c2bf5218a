import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'
import type { Registration } from './command.ts'

/**
 * Refuses an unknown command with a suggestion, before yargs parses: its "did you mean" does not name the unknown word.
 */
export function refuseUnknownCommand(argv: readonly string[], commands: readonly Registration[]): void {
  let known = commands
  let path = 'weir'
  for (const word of argv) {
    if (word.startsWith('-')) continue
    const command = known.find((candidate) => candidate.name === word)
    if (!command) throw new WeirError('WEIR_USAGE', unknownCommand(word, path, known))
    if (command.members.length === 0) return
    known = command.members
    path += ` ${word}`
  }
}

function unknownCommand(word: string, path: string, known: readonly Registration[]): string {
  const names = known.map((command) => command.name)
  return `there is no command "${path} ${word}"${didYouMean(word, names)}`
}

/** Turns a message of yargs into one line that says what to do. */
export function explainUsage(message: string, parser: Argv): WeirError {
  return new WeirError('WEIR_USAGE', explanation(message, parser))
}

function explanation(message: string, parser: Argv): string {
  const unknown = /^Unknown arguments?: (.*)$/s.exec(message)
  if (unknown) return unknownArguments(unknown[1]!.split(', '), parser)
  const choice = /Argument: (.*?), Given: (.*?), Choices: (.*)$/s.exec(message)
  if (choice) return `--${choice[1]} cannot be ${choice[2]}: use one of ${choice[3]!.trim()}`
  if (message.startsWith('Not enough non-option arguments'))
    return 'an argument is missing: add "--help" to the command to see its arguments'
  const valueless = /^Not enough arguments following: (\S+)/.exec(message)
  if (valueless) {
    const name = valueless[1]!
    return `${name.length > 1 ? '--' : '-'}${name} needs a value`
  }
  const dependent = /^Missing dependent arguments:\s*(\S+) -> (\S+)/.exec(message)
  if (dependent) return `--${dependent[1]} needs --${dependent[2]}: use both or neither`
  const missing = /^Missing required arguments?: (.*)$/.exec(message)
  if (missing) return `--${missing[1]} is missing: this command needs it`
  return message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '')
}

function unknownArguments([name = '']: string[], parser: Argv): string {
  const hint = didYouMean(`--${name}`, declaredFlags(parser))
  // yargs does not say whether it was a flag or a word; without a similar flag, a list of all flags does not help.
  // A flag of one letter is similar to every other.
  const help =
    name.length > 1 && hint.includes('did you mean') ? hint : ': add "--help" to the command to see its flags'
  return `there is no flag or argument "${name}"${help}`
}

/** yargs has the declared flags in a method that is missing from its types. */
function declaredFlags(parser: Argv): string[] {
  const { getOptions } = parser as unknown as { getOptions?: () => { key: Record<string, unknown> } }
  return getOptions
    ? Object.keys(getOptions.call(parser).key)
        .filter((name) => name.length > 1)
        .map((name) => `--${name}`)
    : []
}
