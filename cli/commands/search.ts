import { clusterOptions } from '../cluster-options.ts'
import { defineCommand } from '../command.ts'
import { faultOption } from '../fault-option.ts'
import { boundOption, labelOption, programOptions, seedOption, setOption, testbedOption } from '../options.ts'
import { searchOptions } from '../search/options.ts'

export const search = defineCommand({
  usage: 'search <scenario>',
  summary: 'find the largest rate, or the most clients, at which what you name holds, by real runs',
  examples: [
    [
      'search blue-green-quick --target no-storm --from 50 --to 400',
      'the largest connEvictRate without a storm',
    ],
    [
      "search blue-green-quick --target 'downtimeP99<=2' --vary clients --from 300 --to 3000",
      'the most clients with a downtime of at most 2 s',
    ],
    [
      'search mine.yaml --target hops --from 5 --to 9 --kubeconfig F --versions 5.8.6,5.8.7 --yes',
      'the same on your cluster, which every run upgrades, to and fro',
    ],
  ],
  options: (yargs) =>
    searchOptions(
      clusterOptions(
        testbedOption(
          programOptions(labelOption(boundOption(setOption(faultOption(seedOption(yargs)))))),
          'cluster that weir starts for each run and stops after it',
          "the scenario's",
        ),
      ).positional('scenario', {
        type: 'string',
        demandOption: true,
        describe: 'name or YAML file; "weir scenarios list" lists names',
      }),
    ),
  async run(flags, output) {
    const { searched } = await import('../search/search-command.ts')
    const run = { ...flags, fleet: 'process' as const, scrape: true, to: undefined, yes: flags.yes ?? false }
    return searched(run, flags, output)
  },
})
