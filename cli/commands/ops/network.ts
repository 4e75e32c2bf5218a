import { defineCommand } from '../../command.ts'
import { operationOptions } from './operation-options.ts'
import { told } from './told.ts'

export const network = defineCommand({
  usage: 'network <type>',
  summary: 'change how clients come in: from inside alone, by a port of every node, or by a load balancer',
  examples: [
    [
      'ops network nodeport --protocols mqtt-tcp,mqtt-ssl --kubeconfig ~/.kube/config',
      'two listeners, at ports that Kubernetes chooses',
    ],
    [
      "ops network loadbalancer --protocols mqtt-ssl --annotations '{}' --kubeconfig F",
      'a load balancer without annotations for its cloud',
    ],
    ['ops network clusterip --kubeconfig ~/.kube/config', 'from inside alone again'],
  ],
  options: (yargs) =>
    operationOptions(yargs)
      .positional('type', {
        type: 'string',
        demandOption: true,
        describe: 'clusterip, nodeport or loadbalancer',
      })
      .option('protocols', {
        type: 'string',
        describe: 'listeners for clients from outside, with commas: mqtt-tcp, mqtt-ssl, mqtt-ws, mqtt-wss',
      })
      .option('port', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        defaultDescription: "the listener's usual port",
        describe: 'port of a load balancer for one of them, e.g. mqtt-ssl=443',
      })
      .option('node-port', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [] as string[],
        defaultDescription: 'Kubernetes chooses',
        describe: 'port of every node for one of them, e.g. mqtt-tcp=32010',
      })
      .option('annotations', {
        type: 'string',
        describe: "annotations of the Service of a load balancer, a JSON object of strings; '{}' for none",
      })
      .option('load-balancer-class', { type: 'string', describe: 'class of the load balancer' })
      .option('external-traffic-policy', {
        choices: ['Cluster', 'Local'] as const,
        describe: 'whether nodes pass connections on to pods of other nodes',
      })
      .option('by', {
        choices: ['weir', 'operator'] as const,
        default: 'weir' as const,
        describe:
          "a Service of weir's own with these listeners alone, or the operator's, which has every one",
      })
      .option('accept-ip-change', {
        type: 'boolean',
        describe: 'also where a load balancer may get another address, or goes',
      }),
  async run(args, output) {
    const { changeNetworkAndJudge } = await import('../../own-cluster/operations/change-network.ts')
    return told(args, output, (quiet) => changeNetworkAndJudge(args, quiet))
  },
})
