import { EXIT, weirVersion } from '#weir/errors/index.ts'
import { defineCommand, defineGroup } from '../command.ts'

const save = defineCommand({
  usage: 'save <runs..>',
  summary: 'print a baseline of some runs, small enough to be committed',
  examples: [['baseline save runs/OLD-1 runs/OLD-2 runs/OLD-3 --out baseline.json', 'to be committed']],
  options: (yargs) =>
    yargs
      .positional('runs', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'folders that "weir run" wrote, three or more',
      })
      .option('out', { type: 'string', describe: 'file to write, instead of stdout' }),
  async run({ runs, out }, output) {
    const { sideOfRuns } = await import('../gate/sides.ts')
    const { baselineText } = await import('#weir/gate/index.ts')
    const { set } = await sideOfRuns(runs)
    for (const run of set.leftOut) output.note(`left out: ${run}`)
    const text = baselineText(set, weirVersion())
    if (out === undefined) output.print(text.trimEnd())
    else {
      const { writeResult } = await import('../judge-record.ts')
      await writeResult(out, text)
    }
    return EXIT.pass
  },
})

export const baseline = defineGroup('baseline', 'what later runs are compared with', [save])
