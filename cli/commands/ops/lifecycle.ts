import { defineCommand } from '../../command.ts'
import { operationOptions } from './operation-options.ts'
import { told } from './told.ts'

export const stop = defineCommand({
  usage: 'stop',
  summary: 'let the cluster have no nodes; its resource, Service and volumes stay',
  examples: [['ops stop --kubeconfig ~/.kube/config', 'until "weir ops start"']],
  options: (yargs) => operationOptions(yargs),
  async run(args, output) {
    const { stopAndJudge } = await import('../../own-cluster/operations/lifecycle.ts')
    return told(args, output, (quiet) => stopAndJudge(args, quiet))
  },
})

export const start = defineCommand({
  usage: 'start',
  summary: 'give a stopped cluster its nodes again',
  examples: [
    ['ops start --kubeconfig ~/.kube/config', 'as many nodes as before'],
    ['ops start --cores 3 --replicants 2 --kubeconfig ~/.kube/config', 'another number'],
  ],
  options: (yargs) =>
    operationOptions(yargs)
      .option('cores', {
        type: 'number',
        default: 0,
        defaultDescription: 'as many nodes as before the stop',
        describe: 'number of core nodes',
      })
      .option('replicants', { type: 'number', default: 0, describe: 'number of replicants, beside --cores' }),
  async run(args, output) {
    const { startAndJudge } = await import('../../own-cluster/operations/lifecycle.ts')
    return told(args, output, (quiet) => startAndJudge(args, quiet))
  },
})

export const remove = defineCommand({
  usage: 'delete <confirmed>',
  summary: 'stop the cluster, delete its resource, and prove that nothing of it is left',
  examples: [
    [
      'ops delete emqx --name emqx --kubeconfig ~/.kube/config',
      'the name twice: which, and the confirmation',
    ],
  ],
  options: (yargs) =>
    operationOptions(yargs).positional('confirmed', {
      type: 'string',
      demandOption: true,
      describe: 'name of the resource, to the letter: the confirmation',
    }),
  async run(args, output) {
    const { deleteAndJudge } = await import('../../own-cluster/operations/lifecycle.ts')
    return told(args, output, (quiet) => deleteAndJudge(args, quiet))
  },
})
