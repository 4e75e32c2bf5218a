import { WeirError } from '#weir/errors/index.ts'
import { defineCommand } from '../../command.ts'
import { operationOptions } from './operation-options.ts'
import { told } from './told.ts'

export const connections = defineCommand({
  usage: 'connections <most>',
  summary: 'change how many clients may be connected, without a restart',
  examples: [
    ['ops connections 5000 --kubeconfig ~/.kube/config', 'EMQX 5'],
    ['ops connections 5000 --licence-file emqx.lic --kubeconfig ~/.kube/config', 'EMQX 4.4'],
  ],
  options: (yargs) =>
    operationOptions(yargs)
      .positional('most', { type: 'number', demandOption: true, describe: 'number of connections' })
      .option('licence-file', {
        type: 'string',
        describe: 'file with the EMQX licence for them: EMQX 4.4 needs one, and most licences of EMQX 5',
      })
      .option('accept-ip-change', {
        type: 'boolean',
        describe: 'also where the Service is a LoadBalancer, whose address may change',
      })
      .check(({ most }) => {
        if (Number.isInteger(most)) return true
        throw new WeirError('WEIR_USAGE', 'the number of connections is a whole number')
      }, false),
  async run(args, output) {
    const { changeConnectionsAndJudge } = await import('../../own-cluster/operations/change-connections.ts')
    return told(args, output, (quiet) => changeConnectionsAndJudge(args, quiet))
  },
})
