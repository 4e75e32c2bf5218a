import type { ArgumentsCamelCase, Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import { language } from '#weir/facts/index.ts'
import type { Output } from './output.ts'
import { SUMMARIES } from './summaries-zh.ts'

export interface Host {
  output: Output
  /** Sets the exit code of the process. */
  finish(exitCode: number): void
  /** Command lines are only parsed and checked, and no command begins. */
  parseOnly?: boolean
}

/** A command line that works, after "weir", and what it does. */
export type Example = readonly [line: string, meaning: string]

/** One command, or a group of them. */
export interface Registration {
  name: string
  /** In one line, in English. */
  summary: string
  members: readonly Registration[]
  examples: readonly Example[]
  /** Names of its arguments, in their order. */
  positionals: readonly string[]
  /** Adds its flags and arguments. */
  declare(yargs: Argv): Argv
  /** Left out of help and completion. */
  isHidden?: boolean
  register(yargs: Argv, host: Host): void
}

/**
 * Defines a command. `run` returns the exit code; main turns what it throws into one line.
 */
export function defineCommand<Args>(command: {
  usage: string
  summary: string
  examples?: readonly Example[]
  options?(yargs: Argv): Argv<Args>
  run(args: ArgumentsCamelCase<Args>, output: Output): Promise<number>
}): Registration {
  const { examples = [] } = command
  const declare = (yargs: Argv): Argv => (command.options?.(yargs) as Argv | undefined) ?? yargs
  return {
    name: command.usage.split(' ')[0]!,
    summary: command.summary,
    members: [],
    examples,
    positionals: command.usage.match(/[\w-]+/g)!.slice(1),
    declare,
    register(yargs, host) {
      yargs.command(
        command.usage,
        inLine(command.summary),
        (inner) =>
          declare(inner as Argv)
            .check(refuseNonNumbers, false)
            .example(shown(examples)),
        async (args) => {
          if (!host.parseOnly) host.finish(await command.run(args as ArgumentsCamelCase<Args>, host.output))
        },
      )
    },
  }
}

/** A summary in the language chosen. */
const inLine = (summary: string): string => (language() === 'zh' ? (SUMMARIES[summary] ?? summary) : summary)

/** A command that programs call, not people: in no help. `run` ends the process itself, or prints. */
export const defineHidden = (
  name: string,
  run: (words: readonly string[], output: Output) => Promise<void>,
): Registration => ({
  ...{ name, summary: '', members: [], examples: [], positionals: [], isHidden: true },
  declare: (yargs) => yargs,
  register(yargs, { output }) {
    yargs.command(name, false, {}, ({ _: [, ...words] }) => run(words.map(String), output))
  },
})

/** As yargs takes them. It would break long lines in a table of two columns, and they could not be copied. */
export const shown = (examples: readonly Example[]): [string, string][] =>
  examples.flatMap(([line, meaning]): [string, string][] => [
    [`# ${meaning}`, ''],
    [`$0 ${line}`, ''],
  ])

/** yargs turns "--port many" into NaN and continues. Throws WEIR_USAGE. */
export function refuseNonNumbers(args: Record<string, unknown>): true {
  for (const [name, value] of Object.entries(args))
    if (Number.isNaN(value) || (Array.isArray(value) && value.some(Number.isNaN)))
      throw new WeirError('WEIR_USAGE', `${name.length > 1 ? '--' : '-'}${name} takes a number`)
  return true
}

/** A group of commands, e.g. "scenarios" with "scenarios list". */
export function defineGroup(name: string, summary: string, members: readonly Registration[]): Registration {
  return {
    name,
    summary,
    members,
    examples: [],
    positionals: [],
    declare: (yargs) => yargs,
    register(yargs, host) {
      yargs.command(name, inLine(summary), (inner) => {
        for (const member of members) member.register(inner as Argv, host)
        return inner.demandCommand(
          1,
          `"weir ${name}" is a group of commands: "weir ${name} --help" lists them`,
        )
      })
    },
  }
}
