import { EXIT } from '#weir/errors/index.ts'
import { defineCommand } from '../command.ts'
import { clusterOptions } from '../own-cluster/options.ts'
import { setOption } from '../set-option.ts'

/** weir doctor: what this machine or a cluster lacks for a run, said before anything is done. */
export const doctor = defineCommand({
  usage: 'doctor [scenario]',
  summary:
    'say whether this machine, or a cluster of yours, is fit for a run, and what is missing; changes nothing',
  options: (yargs) =>
    clusterOptions(
      setOption(yargs)
        .positional('scenario', {
          type: 'string',
          describe: 'look whether the cluster is fit for this one: name or YAML file',
        })
        .option('to', { type: 'string', describe: "EMQX version to upgrade to, instead of the scenario's" })
        .option('clients', {
          type: 'number',
          defaultDescription: "the scenario's, or 3000",
          describe: 'look whether there is room for so many; 0 for a run that starts none',
        })
        .option('kubeconfig', {
          type: 'string',
          describe: 'look at the cluster that this file names, not at this machine alone',
        }),
    )
      .option('hostname', {
        alias: 'h',
        type: 'string',
        describe: 'brokers that a fleet without a cluster is to connect to, as for weir bench',
      })
      .option('port', { alias: 'p', type: 'number', defaultDescription: '1883', describe: 'their port' })
      .option('ifaddr', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'local addresses it is to connect from',
      })
      .option('processes', { type: 'number', describe: 'child processes it is to run in' })
      .conflicts('kubeconfig', ['hostname', 'port', 'ifaddr', 'processes'])
      .option('json', { type: 'boolean', default: false, describe: 'print it as JSON' })
      .epilogue('Exit codes: 0 fit, 4 something is missing.'),
  async run(args, output) {
    const { doctorJson, doctorText } = await import('../doctor/text.ts')
    const { examined } = await import('../doctor/examined.ts')
    const found = await examined(args, output.env)
    output.print(args.json ? doctorJson(found) : doctorText(found, output.columns))
    return found.some(({ state }) => state === 'missing') ? EXIT.environment : EXIT.pass
  },
})
