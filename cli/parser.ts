import type { Argv } from 'yargs'
import yargs from 'yargs'
import { weirVersion } from '#weir/errors/index.ts'
import { type Example, type Host, type Registration, shown } from './command.ts'
import { explainUsage } from './usage.ts'

/** Longer lines are hard to read. */
const HELP_WIDTH = 100

/** Of weir as a whole. */
export const EXAMPLES: readonly Example[] = [
  ['run blue-green-quick', 'an upgrade of an embedded cluster: a minute and a half'],
  ['help run', 'the options of a command'],
]

/** The command line: strict, in English, and with errors left to main. */
export function makeParser(commands: readonly Registration[], host: Host): Argv {
  const parser: Argv = yargs()
    .scriptName('weir')
    .usage(
      'Drives MQTT clients through an EMQX upgrade on Kubernetes and proves what happened to them.\n\n$0 <command>',
    )
    .locale('en')
    .version(weirVersion())
    .help()
    .option('debug', {
      type: 'boolean',
      default: false,
      describe: 'show the causes of errors',
      global: true,
    })
    .parserConfiguration({
      'camel-case-expansion': false,
      'strip-dashed': false,
      'duplicate-arguments-array': true,
    })
    .strict()
    .demandCommand(1, 'a command is missing: "weir --help" lists them')
    .exitProcess(false)
    .showHelpOnFail(false)
    .example(shown(EXAMPLES))
    .wrap(Math.min(host.output.columns, HELP_WIDTH))
    .epilogue(
      'Exit codes: 0 pass, 1 fail, 2 wrong usage, 3 inconclusive, 4 environment not fit, 5 a figure is worse, 6 refused, 130 interrupted.',
    )
    .fail((message, error) => {
      // yargs throws a YError for an invalid command line; any other error comes from a command.
      throw error && error.name !== 'YError' ? error : explainUsage(message ?? error?.message ?? '', parser)
    })
  for (const command of commands) command.register(parser, host)
  return parser
}

/**
 * yargs shows every flag of more than one letter with two dashes. Those of MQTTX have up to three letters behind one dash ("-rp"), are
 * understood that way, and are shown that way: a space keeps the columns.
 */
export function shortFlags(help: string): string {
  return help.replace(/^( +--[\w-]+), --([A-Za-z]{2,3})(?= )/gm, '$1, -$2 ')
}
