import { EXIT } from '#weir/errors/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { setOption } from '../options.ts'
import { jsonOption, jsonText } from '../output-options.ts'
import { alignedRows } from '../table.ts'

const list = defineCommand({
  usage: 'list',
  summary: 'list the scenarios that come with weir',
  examples: [
    ['scenarios list', 'names for "weir run"'],
    ['scenarios list --json', 'for programs'],
  ],
  options: (yargs) => jsonOption(yargs),
  async run({ json }, output) {
    const { listScenarios } = await import('#weir/scenarios/index.ts')
    const all = listScenarios()
    if (json) output.print(jsonText(all.map(({ name, description }) => ({ name, description }))))
    else
      output.print(
        alignedRows(
          all.map(({ name, description }) => [name, description]),
          output.columns,
        ),
      )
    return EXIT.pass
  },
})

const show = defineCommand({
  usage: 'show <scenario>',
  summary: 'print a scenario with every default filled in',
  examples: [
    ['scenarios show blue-green', 'a file to start from'],
    ['scenarios show blue-green --set fleet.clients=500', 'with another number of clients'],
  ],
  options: (yargs) =>
    jsonOption(
      setOption(
        yargs.positional('scenario', { type: 'string', demandOption: true, describe: 'name or file' }),
      ),
    ),
  async run({ scenario, set, json }, output) {
    const { describeScenario, loadScenario } = await import('#weir/scenarios/index.ts')
    const { stringify } = await import('yaml')
    const loaded = loadScenario(scenario, { set })
    if (json) {
      output.print(jsonText(loaded))
      return EXIT.pass
    }
    // The description as comments, so that the output is a valid scenario file.
    output.print(describeScenario(loaded).replace(/^/gm, '# ').replace(/ +$/gm, ''))
    output.print(stringify(loaded).trimEnd())
    return EXIT.pass
  },
})

const validate = defineCommand({
  usage: 'validate <scenario>',
  summary: 'check a scenario file',
  examples: [
    ['scenarios validate mine.yaml', 'every error, with its line'],
    ['scenarios validate blue-green --set fleet.clients=500', 'whether settings fit'],
  ],
  options: (yargs) =>
    setOption(yargs.positional('scenario', { type: 'string', demandOption: true, describe: 'name or file' })),
  async run({ scenario, set }, output) {
    const { loadScenario } = await import('#weir/scenarios/index.ts')
    const { name } = loadScenario(scenario, { set })
    output.print(`${scenario} is valid: scenario "${name}"`)
    return EXIT.pass
  },
})

export const scenarios = defineGroup('scenarios', 'list, print and check scenarios', [list, show, validate])
