import { WeirError } from '#weir/errors/index.ts'
import { defineCommand } from '../command.ts'
import { clusterOptions } from '../own-cluster/options.ts'
import { seedOption } from '../seed-option.ts'

const DAY_SECONDS = 86_400

/** weir observe: the record and the verdict of a change that somebody else makes. */
export const observe = defineCommand({
  usage: 'observe',
  summary: 'record a migration that somebody else triggers on a cluster of yours, and judge it',
  options: (yargs) =>
    clusterOptions(
      seedOption(yargs)
        .option('clients', {
          type: 'number',
          default: 0,
          describe: 'clients of its own; without any, only what needs none is judged',
        })
        .option('duration', {
          type: 'number',
          default: DAY_SECONDS,
          describe: 'seconds after which it ends, whatever has happened',
        })
        .option('hold', {
          type: 'number',
          default: 30,
          describe: 'seconds to go on watching when everything is at rest again',
        })
        .option('out', {
          type: 'string',
          defaultDescription: 'runs/<UTC time>-observe',
          describe: 'folder of the record',
        })
        .option('kubeconfig', {
          type: 'string',
          demandOption: true,
          describe: 'the cluster that this file names',
        }),
    ).check(({ clients, duration, hold }) => {
      if (!(Number.isInteger(clients) && clients >= 0))
        throw new WeirError('WEIR_USAGE', '--clients takes a whole number from 0 up')
      for (const [name, seconds] of Object.entries({ duration, hold }))
        if (!(seconds > 0 && seconds <= 20 * DAY_SECONDS))
          throw new WeirError('WEIR_USAGE', `--${name} takes seconds, above 0 and up to 20 days`)
      return true
    }, false),
  async run(args, output) {
    const { observeAndJudge } = await import('../own-cluster/observe.ts')
    const { tellVerdict } = await import('../run/tell-verdict.ts')
    return tellVerdict(await observeAndJudge(args, output), output)
  },
})
