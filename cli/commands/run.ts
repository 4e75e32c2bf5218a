import { defineCommand } from '../command.ts'
import { faultOption } from '../fault-option.ts'
import {
  clusterOptions,
  fleetOptions,
  lastingOptions,
  leaveSessionsOption,
  programOptions,
  prometheusOptions,
  seedOption,
  setOption,
  testbedOption,
  versionOption,
} from '../options.ts'

/** Flags that need --kubeconfig. */
const OF_OWN_CLUSTER = ['context', 'as-role', 'namespace', 'name', 'operator', 'yes']

export const run = defineCommand({
  usage: 'run <scenario>',
  summary: 'run a scenario, judge it, and write the reports',
  options: (yargs) =>
    clusterOptions(
      testbedOption(
        prometheusOptions(
          lastingOptions(
            programOptions(
              fleetOptions(versionOption(leaveSessionsOption(setOption(faultOption(seedOption(yargs)))))),
            ),
          ),
        ),
        'cluster that weir starts for this run and stops after it',
        "the scenario's, unless --kubeconfig is given",
      )
        .positional('scenario', {
          type: 'string',
          demandOption: true,
          describe: 'name or YAML file; "weir scenarios list" lists names',
        })
        .option('out', {
          type: 'string',
          defaultDescription: 'runs/<UTC time>-<scenario>',
          describe: 'folder of the record',
        })
        .option('kubeconfig', {
          type: 'string',
          describe:
            'run on the cluster of this file, after showing the plan; in-cluster: as the pod that weir runs in',
        }),
    )
      .option('yes', { type: 'boolean', describe: 'confirm the plan in advance' })
      .conflicts('kubeconfig', ['testbed', 'operator-binary', 'emqx', 'adopt', 'keep'])
      .implies(Object.fromEntries(OF_OWN_CLUSTER.map((flag) => [flag, 'kubeconfig']))),
  async run(args, output) {
    const { runAndJudge } = await import('../run/run-and-judge.ts')
    const { tellVerdict } = await import('../run/tell-verdict.ts')
    const { withOwnMetrics } = await import('../run/own-metrics.ts')
    return withOwnMetrics(
      args.prometheus,
      output,
      (listener) => runAndJudge({ ...args, yes: args.yes ?? false, listener }, output),
      (run) => tellVerdict(run, output),
    )
  },
})
