import { defineCommand } from '../../command.ts'
import { operationOptions } from './operation-options.ts'
import { told } from './told.ts'

export const transfer = defineCommand({
  usage: 'transfer <project>',
  summary: 'make the cluster part of another project, without touching it',
  examples: [
    ['ops transfer other --policy policy.yaml --kubeconfig ~/.kube/config', 'a project of the policy'],
  ],
  options: (yargs) =>
    operationOptions(yargs).positional('project', {
      type: 'string',
      demandOption: true,
      describe: 'a project of the policy',
    }),
  async run(args, output) {
    const { transferAndJudge } = await import('../../own-cluster/operations/transfer.ts')
    return told(args, output, (quiet) => transferAndJudge(args, quiet))
  },
})
