import { EXIT } from '#weir/errors/index.ts'
import { clusterOptions } from '../cluster-options.ts'
import { defineCommand } from '../command.ts'
import { fleetOptions, setOption, versionOption } from '../options.ts'
import { jsonOption } from '../output-options.ts'

export const doctor = defineCommand({
  usage: 'doctor [scenario]',
  summary: 'check what this machine and your cluster lack for a run; changes nothing',
  examples: [
    ['doctor blue-green-v5 --kubeconfig ~/.kube/config', 'what your cluster and this machine lack'],
    ['doctor --clients 50000 -h localhost', 'this machine alone, for weir bench'],
  ],
  options: (yargs) =>
    jsonOption(
      clusterOptions(
        fleetOptions(versionOption(setOption(yargs)))
          .positional('scenario', { type: 'string', describe: 'scenario to check for: name or YAML file' })
          .option('clients', {
            type: 'number',
            defaultDescription: "the scenario's, or 3000",
            describe: 'number of clients to check for; 0 for a run without clients',
          })
          .option('kubeconfig', {
            type: 'string',
            describe: 'check the cluster of this file, not only this machine',
          }),
      ),
    )
      .option('hostname', {
        alias: 'h',
        type: 'string',
        describe: 'brokers to connect to without a cluster, as for weir bench',
      })
      .option('port', {
        alias: 'p',
        type: 'number',
        defaultDescription: '1883',
        describe: 'port of the brokers',
      })
      .option('ifaddr', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'local addresses to connect from',
      })
      .option('processes', { type: 'number', describe: 'number of child processes' })
      .conflicts('kubeconfig', ['hostname', 'port', 'ifaddr', 'processes'])
      .epilogue('Exit codes: 0 fit, 4 something is missing.'),
  async run(args, output) {
    const { doctorJson, doctorText } = await import('../doctor/text.ts')
    const { examined } = await import('../doctor/examined.ts')
    const found = await examined(args, output.env)
    output.print(args.json ? doctorJson(found) : doctorText(found, output.columns))
    return found.some(({ state }) => state === 'missing') ? EXIT.environment : EXIT.pass
  },
})
