import { defineCommand } from '../command.ts'
import { faultOption } from '../fault-option.ts'
import { seedOption } from '../seed-option.ts'
import { setOption } from '../set-option.ts'

/** weir run: from a scenario to a verdict. */
export const run = defineCommand({
  usage: 'run <scenario>',
  summary: 'run a scenario, judge it, and write the reports',
  options: (yargs) =>
    setOption(faultOption(seedOption(yargs)))
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
      .option('kubeconfig', { type: 'string', describe: 'run on the cluster that this file names instead' })
      .option('out', {
        type: 'string',
        defaultDescription: 'runs/<UTC time>-<scenario>',
        describe: 'folder of the record',
      })
      .conflicts('kubeconfig', 'testbed'),
  async run(args, output) {
    const { runAndJudge } = await import('../run/run-and-judge.ts')
    const { judged, failure } = await runAndJudge(args, output)
    const { writeReports } = await import('../run/write-reports.ts')
    const { renderTerminal } = await import('#weir/reports/index.ts')
    const files = await writeReports(judged, output)
    output.print(renderTerminal(judged, output))
    for (const file of files) output.print(`  ${file}`)
    if (failure !== undefined) throw failure
    return judged.exitCode
  },
})
