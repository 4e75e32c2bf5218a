import { defineCommand } from '../command.ts'
import { exploreOptions } from '../explore/options.ts'
import { faultOption } from '../fault-option.ts'
import { seedOption } from '../options.ts'
import { jsonOption } from '../output-options.ts'

export const explore = defineCommand({
  usage: 'explore',
  summary: 'run random sequences of operations and faults, and print the smallest that fails',
  examples: [
    ['explore --seed 7 --steps 60', 'so many steps, on EMQX 5'],
    [
      'explore --dialect v1beta4 --minutes 120 --keep-going',
      'a soak: what memory and descriptors do meanwhile, too',
    ],
    ['explore --fault rate-ignored', 'the cluster misbehaves, so a sequence must fail'],
  ],
  options: (yargs) => exploreOptions(jsonOption(faultOption(seedOption(yargs)))),
  async run(flags, output) {
    const { explored } = await import('../explore/explore-command.ts')
    return explored(flags, output)
  },
})
