import type { Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import { didYouMean } from '#weir/scenarios/load/nearest.ts'
import type { Registration } from './command.ts'

/**
 * Refuses a word that is no command, with the command that was meant. Done before yargs looks, because yargs answers
 * "did you mean" without saying what it did not understand.
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

/** Turns a complaint of yargs into one line that says what to do. */
export function explainUsage(message: string, failed: Argv): WeirError {
  return new WeirError('WEIR_USAGE', explanation(message, failed))
}

function explanation(message: string, failed: Argv): string {
  const unknown = /^Unknown arguments?: (.*)$/s.exec(message)
  if (unknown) return unknownArguments(unknown[1]!.split(', '), failed)
  const choice = /Argument: (.*?), Given: (.*?), Choices: (.*)$/s.exec(message)
  if (choice) return `--${choice[1]} cannot be ${choice[2]}: use one of ${choice[3]!.trim()}`
  if (message.startsWith('Not enough non-option arguments'))
    return 'an argument is missing: "--help" after the command shows what it takes'
  return message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '')
}

function unknownArguments([name = '']: string[], failed: Argv): string {
  return `there is no flag or further argument "${name}" here${didYouMean(`--${name}`, declaredFlags(failed))}`
}

/** yargs keeps the declared flags in a method that its types leave out. */
function declaredFlags(failed: Argv): string[] {
  const { getOptions } = failed as unknown as { getOptions?: () => { key: Record<string, unknown> } }
  return getOptions
    ? Object.keys(getOptions.call(failed).key)
        .filter((name) => name.length > 1)
        .map((name) => `--${name}`)
    : []
}
