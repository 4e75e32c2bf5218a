import { defineCommand } from '../../command.ts'
import { operationOptions } from './operation-options.ts'
import { told } from './told.ts'

const threshold = (what: string) =>
  ({
    type: 'number',
    default: 1000,
    describe: `by how many ${what} nodes that give may exceed those that take, on average`,
  }) as const

const factor = (what: string) =>
  ({ type: 'number', default: 1.1, describe: `by which factor of ${what}; one of both suffices` }) as const

const wait = (what: string) =>
  ({ type: 'number', default: 60, describe: `seconds that EMQX waits for ${what}` }) as const

export const rebalance = defineCommand({
  usage: 'rebalance',
  summary: 'level the nodes: those with more clients than the mean evict some',
  examples: [
    ['ops rebalance --conn-evict-rate 20 --kubeconfig ~/.kube/config', 'by the rules of EMQX'],
    [
      'ops rebalance --conn-evict-rate 20 --rel-conn-threshold 1.05 --kubeconfig ~/.kube/config',
      'also where nodes differ little',
    ],
  ],
  options: (yargs) =>
    operationOptions(yargs)
      .option('conn-evict-rate', {
        type: 'number',
        demandOption: true,
        describe: 'connections that each node that gives evicts per second',
      })
      .option('sess-evict-rate', {
        type: 'number',
        default: 500,
        describe: 'sessions that it moves per second',
      })
      .option('wait-health-check', wait('health checks, before it evicts'))
      .option('wait-takeover', wait('takeovers, before it moves sessions'))
      .option('abs-conn-threshold', threshold('connections'))
      .option('rel-conn-threshold', factor('connections'))
      .option('abs-sess-threshold', threshold('sessions'))
      .option('rel-sess-threshold', factor('sessions')),
  async run(args, output) {
    const { rebalanceAndJudge } = await import('../../own-cluster/operations/rebalance.ts')
    return told(args, output, (quiet) => rebalanceAndJudge(args, quiet))
  },
})
