import type { ArgumentsCamelCase, Argv } from 'yargs'
import { WeirError } from '#weir/errors/index.ts'
import type { Output } from './output.ts'

/** What a command gets besides its arguments. */
export interface Host {
  output: Output
  /** Remembers the exit code that the process ends with. */
  finish(exitCode: number): void
}

/** One command, or a group of them. */
export interface Registration {
  name: string
  members: readonly Registration[]
  register(yargs: Argv, host: Host): void
}

/**
 * A command as its file writes it: how it is called, what it takes, and what it does. `run` returns the exit code;
 * whatever it throws is turned into one line by main.
 */
export function defineCommand<Args>(command: {
  usage: string
  summary: string
  options(yargs: Argv): Argv<Args>
  run(args: ArgumentsCamelCase<Args>, output: Output): Promise<number>
}): Registration {
  return {
    name: command.usage.split(' ')[0]!,
    members: [],
    register(yargs, host) {
      yargs.command(
        command.usage,
        command.summary,
        (inner) => command.options(inner as Argv).check(refuseNonNumbers, false),
        async (args) => host.finish(await command.run(args as ArgumentsCamelCase<Args>, host.output)),
      )
    },
  }
}

/** yargs turns "--port many" into NaN and goes on. Throws WEIR_USAGE. */
export function refuseNonNumbers(args: Record<string, unknown>): true {
  for (const [name, value] of Object.entries(args))
    if (Number.isNaN(value) || (Array.isArray(value) && value.some(Number.isNaN)))
      throw new WeirError('WEIR_USAGE', `${name.length > 1 ? '--' : '-'}${name} takes a number`)
  return true
}

/** A command that only holds others, e.g. "scenarios list". */
export function defineGroup(name: string, summary: string, members: readonly Registration[]): Registration {
  return {
    name,
    members,
    register(yargs, host) {
      yargs.command(name, summary, (inner) => {
        for (const member of members) member.register(inner as Argv, host)
        return inner.demandCommand(
          1,
          `"weir ${name}" is a group of commands: "weir ${name} --help" lists them`,
        )
      })
    },
  }
}
