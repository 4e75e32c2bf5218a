import { defineCommand } from '../command.ts'
import { faultOption } from '../fault-option.ts'
import { clusterOptions } from '../own-cluster/options.ts'
import { seedOption } from '../seed-option.ts'
import { setOption } from '../set-option.ts'

/** Flags that mean something only together with --kubeconfig. */
const OF_A_CLUSTER = ['context', 'namespace', 'name', 'operator', 'yes']

/** weir run: from a scenario to a verdict. */
export const run = defineCommand({
  usage: 'run <scenario>',
  summary: 'run a scenario, judge it, and write the reports',
  options: (yargs) =>
    clusterOptions(setOption(faultOption(seedOption(yargs))))
      .positional('scenario', {
        type: 'string',
        demandOption: true,
        describe: 'name ("weir scenarios list" shows them) or YAML file',
      })
      .option('testbed', {
        choices: ['embedded'] as const,
        defaultDescription: 'embedded, unless --kubeconfig is given',
        describe: 'cluster that weir starts for this run and stops after it',
      })
      .option('kubeconfig', {
        type: 'string',
        describe:
          'run on the cluster of your own that this file names instead, after showing what will be done',
      })
      .option('to', { type: 'string', describe: 'EMQX version to upgrade to, instead of the scenario’s' })
      .option('yes', { type: 'boolean', describe: 'carry the plan out without asking' })
      .option('out', {
        type: 'string',
        defaultDescription: 'runs/<UTC time>-<scenario>',
        describe: 'folder of the record',
      })
      .conflicts('kubeconfig', 'testbed')
      .implies(Object.fromEntries(OF_A_CLUSTER.map((flag) => [flag, 'kubeconfig']))),
  async run(args, output) {
    const { runAndJudge } = await import('../run/run-and-judge.ts')
    const { tellVerdict } = await import('../run/tell-verdict.ts')
    return tellVerdict(await runAndJudge({ ...args, yes: args.yes === true }, output), output)
  },
})
