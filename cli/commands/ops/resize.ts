import { defineCommand } from '../../command.ts'
import { operationOptions } from './operation-options.ts'
import { told } from './told.ts'

export const resize = defineCommand({
  usage: 'resize <quota>',
  summary: 'give the nodes the resources of a quota: pods are replaced, as in an update',
  examples: [['ops resize large --policy policy.yaml --kubeconfig ~/.kube/config', 'a quota of the policy']],
  options: (yargs) =>
    operationOptions(yargs).positional('quota', {
      type: 'string',
      demandOption: true,
      describe: 'name of a quota in the file of --policy',
    }),
  async run(args, output) {
    const { resizeAndJudge } = await import('../../own-cluster/operations/resize.ts')
    return told(args, output, (quiet) => resizeAndJudge(args, quiet))
  },
})
