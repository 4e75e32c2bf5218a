import { EXIT } from '#weir/errors/index.ts'
import { defineCommand } from '../command.ts'
import { clusterOptions } from '../own-cluster/options.ts'
import { setOption } from '../set-option.ts'

/** weir doctor: what a cluster lacks, said before anything is done to it. */
export const doctor = defineCommand({
  usage: 'doctor [scenario]',
  summary: 'say whether a cluster of yours is fit for a run, and what is missing; changes nothing',
  options: (yargs) =>
    clusterOptions(
      setOption(yargs)
        .positional('scenario', {
          type: 'string',
          describe: 'look whether it is fit for this one: name or YAML file',
        })
        .option('to', { type: 'string', describe: "EMQX version to upgrade to, instead of the scenario's" })
        .option('clients', {
          type: 'number',
          defaultDescription: "the scenario's, or 3000",
          describe: 'look whether there is room for so many; 0 for a run that starts none',
        })
        .option('kubeconfig', {
          type: 'string',
          demandOption: true,
          describe: 'the cluster that this file names',
        }),
    )
      .option('json', { type: 'boolean', default: false, describe: 'print it as JSON' })
      .epilogue('Exit codes: 0 fit, 4 something is missing.'),
  async run(args, output) {
    const { examine } = await import('#weir/scenarios/index.ts')
    const { doctorRequest } = await import('../own-cluster/request.ts')
    const { doctorJson, doctorText } = await import('../own-cluster/doctor-text.ts')
    const examination = await examine(doctorRequest(args, output.env))
    await examination.close()
    output.print(args.json ? doctorJson(examination.found) : doctorText(examination.found, output.columns))
    return examination.found.some(({ state }) => state === 'missing') ? EXIT.environment : EXIT.pass
  },
})
