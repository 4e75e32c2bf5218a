import { WeirError } from '#weir/errors/index.ts'
import { clusterOptions, kubeconfigOption } from '../cluster-options.ts'
import { defineCommand } from '../command.ts'
import { leaveSessionsOption, prometheusOptions, seedOption } from '../options.ts'
import { quieted, verdictOptions } from '../output-options.ts'

const DAY_SECONDS = 86_400

export const observe = defineCommand({
  usage: 'observe',
  summary: 'record and judge an upgrade of your cluster that somebody else triggers',
  examples: [
    ['observe --kubeconfig ~/.kube/config', 'waits for an upgrade, and judges what the cluster shows'],
    ['observe --kubeconfig ~/.kube/config --clients 100 --hold 60', 'also with clients of its own'],
  ],
  options: (yargs) =>
    verdictOptions(
      clusterOptions(
        kubeconfigOption(prometheusOptions(leaveSessionsOption(seedOption(yargs))))
          .option('clients', {
            type: 'number',
            default: 0,
            describe:
              'number of clients to connect; without clients, only assertions that need none are judged',
          })
          .option('duration', {
            type: 'number',
            default: DAY_SECONDS,
            describe: 'seconds after which it ends in any case',
          })
          .option('hold', {
            type: 'number',
            default: 30,
            describe: 'seconds to keep recording after the cluster is stable again',
          })
          .option('out', {
            type: 'string',
            defaultDescription: 'runs/<UTC time>-observe',
            describe: 'folder of the record',
          }),
      ),
    ).check(({ clients, duration, hold }) => {
      if (!(Number.isInteger(clients) && clients >= 0))
        throw new WeirError('WEIR_USAGE', '--clients takes a whole number of at least 0')
      for (const [name, seconds] of Object.entries({ duration, hold }))
        if (!(seconds > 0 && seconds <= 20 * DAY_SECONDS))
          throw new WeirError('WEIR_USAGE', `--${name} takes seconds, above 0 and up to 20 days`)
      return true
    }, false),
  async run(args, whole) {
    const output = quieted(args, whole)
    const { observeAndJudge } = await import('../own-cluster/observe.ts')
    const { tellVerdict } = await import('../run/tell-verdict.ts')
    const { showVerdict } = await import('../run/show-verdict.ts')
    const { withOwnMetrics } = await import('../run/own-metrics.ts')
    return withOwnMetrics(
      args.prometheus,
      output,
      (onRecord) => observeAndJudge({ ...args, onRecord }, output),
      (run) => tellVerdict(run, output, showVerdict(args, output)),
    )
  },
})
