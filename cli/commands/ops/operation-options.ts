import type { Argv } from 'yargs'
import { clusterOptions, kubeconfigOption } from '../../cluster-options.ts'
import { leaveSessionsOption, seedOption } from '../../options.ts'
import { verdictOptions } from '../../output-options.ts'

/** The flags of every operation. */
export function operationOptions<Args>(yargs: Argv<Args>) {
  return kubeconfigOption(verdictOptions(clusterOptions(leaveSessionsOption(seedOption(yargs)))))
    .option('clients', {
      type: 'number',
      default: 0,
      describe: 'number of clients that watch; without clients, what the cluster itself shows is judged',
    })
    .option('dry-run', {
      type: 'boolean',
      describe: 'show the plan with the patch, and change nothing; with --json as JSON',
    })
    .option('policy', {
      type: 'string',
      defaultDescription: 'at most 7 nodes',
      describe: 'YAML file of what is allowed: number of nodes, images, quotas, licence total, projects',
    })
    .option('yes', { type: 'boolean', describe: 'confirm the plan in advance' })
    .option('out', {
      type: 'string',
      defaultDescription: 'runs/<UTC time>-ops-<operation>',
      describe: 'folder of the record',
    })
}
