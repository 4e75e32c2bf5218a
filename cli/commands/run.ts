import { CLUSTER_FLAGS, clusterOptions } from '../cluster-options.ts'
import { defineCommand } from '../command.ts'
import { faultOption } from '../fault-option.ts'
import {
  boundOption,
  fleetOptions,
  gateOptions,
  labelOption,
  lastingOptions,
  leaveSessionsOption,
  programOptions,
  prometheusOptions,
  seedOption,
  setOption,
  testbedOption,
  versionOption,
} from '../options.ts'
import { verdictOptions } from '../output-options.ts'

/** Flags that need --kubeconfig. */
const OF_OWN_CLUSTER = [...CLUSTER_FLAGS, 'yes']

export const run = defineCommand({
  usage: 'run <scenario>',
  summary: 'run a scenario, judge it, and write the reports',
  examples: [
    ['run blue-green-quick', 'on an embedded cluster: no Kubernetes is needed'],
    ['run blue-green-quick --fault rate-13', 'the cluster misbehaves, so the run must fail'],
    ['run blue-green-v5 --kubeconfig ~/.kube/config', 'on your cluster: shows the plan and asks'],
  ],
  options: (yargs) =>
    verdictOptions(
      clusterOptions(
        testbedOption(
          prometheusOptions(
            lastingOptions(
              programOptions(
                gateOptions(
                  labelOption(
                    boundOption(
                      fleetOptions(
                        versionOption(leaveSessionsOption(setOption(faultOption(seedOption(yargs))))),
                      ),
                    ),
                  ),
                ),
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
      ),
    )
      .option('yes', { type: 'boolean', describe: 'confirm the plan in advance' })
      .conflicts('kubeconfig', ['testbed', 'operator-binary', 'emqx', 'adopt', 'keep'])
      .implies(Object.fromEntries(OF_OWN_CLUSTER.map((flag) => [flag, 'kubeconfig']))),
  async run(args, output) {
    const { repeatedRuns } = await import('../run/repeated-runs.ts')
    return repeatedRuns({ ...args, yes: args.yes ?? false }, args, output)
  },
})
