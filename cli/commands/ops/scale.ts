import { WeirError } from '#weir/errors/index.ts'
import { defineCommand } from '../../command.ts'
import { operationOptions } from './operation-options.ts'
import { told } from './told.ts'

export const scale = defineCommand({
  usage: 'scale <replicas>',
  summary: 'change how many nodes accept clients; nodes that go are evacuated first',
  examples: [
    ['ops scale 3 --kubeconfig ~/.kube/config --dry-run', 'shows the plan, and changes nothing'],
    ['ops scale 3 --kubeconfig ~/.kube/config --clients 100', '100 clients watch'],
  ],
  options: (yargs) =>
    operationOptions(yargs)
      .positional('replicas', {
        type: 'number',
        demandOption: true,
        describe: 'number of nodes that accept clients: replicants where there are any',
      })
      .option('raw', {
        type: 'boolean',
        describe: 'delete nodes with their clients on them, as the operator alone would',
      })
      .check(({ replicas }) => {
        if (Number.isInteger(replicas)) return true
        throw new WeirError('WEIR_USAGE', 'the number of nodes is a whole number')
      }, false),
  async run(args, output) {
    const { scaleAndJudge } = await import('../../own-cluster/operations/scale.ts')
    return told(args, output, (quiet) => scaleAndJudge(args, quiet))
  },
})
