import type { Argv } from 'yargs'
import type { Output } from './output.ts'

/** --json, --quiet: how a command shows a verdict. */
export interface VerdictFlags {
  json?: boolean | undefined
  quiet?: boolean | undefined
}

/** --json for a command that shows something: docs/commands.md has the shapes. */
export function jsonOption<Args>(yargs: Argv<Args>) {
  return yargs.option('json', { type: 'boolean', default: false, describe: 'print JSON' })
}

/** --json and --quiet for a command that ends with a verdict. */
export function verdictOptions<Args>(yargs: Argv<Args>) {
  return jsonOption(yargs).option('quiet', {
    alias: 'q',
    type: 'boolean',
    default: false,
    describe: 'print only the headline of the verdict, and no progress',
  })
}

/** The output as the flags want it: without a live line, and with `--quiet` without progress. */
export const quieted = ({ json, quiet }: VerdictFlags, output: Output): Output =>
  json || quiet
    ? { ...output, columns: output.columns, live: false, ...(quiet && { progress() {} }) }
    : output

export const jsonText = (document: unknown): string => JSON.stringify(document, null, 2)
