import { join } from 'node:path'
import { defineCommand } from '../command.ts'
import { quieted, verdictOptions } from '../output-options.ts'

export const check = defineCommand({
  usage: 'check <run>',
  summary: 'judge a record again, without a cluster',
  examples: [
    ['check runs/RUN', 'shows the verdict, and stores it if it differs'],
    ['check runs/RUN --json', 'the verdict as JSON'],
    ['check runs/RUN -q', 'the headline alone'],
  ],
  options: (yargs) =>
    verdictOptions(yargs)
      .positional('run', { type: 'string', demandOption: true, describe: 'folder that "weir run" wrote' })
      .option('out', {
        type: 'string',
        describe: "file for the verdict, instead of the record's verdict.json",
      })
      .option('keep', {
        type: 'boolean',
        default: false,
        describe: 'keep the stored verdict even if it differs',
      })
      .epilogue('Exit codes: 0 pass, 1 fail, 3 inconclusive, 130 the run was interrupted.'),
  async run({ run: dir, out, keep, ...flags }, whole) {
    const output = quieted(flags, whole)
    const { judgeRecord, storedVerdict, VERDICT_FILE, writeResult } = await import('../judge-record.ts')
    const { showVerdict } = await import('../run/show-verdict.ts')
    const judged = await judgeRecord(dir)
    const stored = await storedVerdict(dir)
    showVerdict(flags, output)(judged, [])
    if (out !== undefined) await writeResult(out, judged.verdictText)
    else if (stored !== judged.verdictText && !(keep && stored !== undefined))
      await writeResult(join(dir, VERDICT_FILE), judged.verdictText)
    const tell = flags.json || flags.quiet ? output.progress : output.print
    tell(`${comparison(stored, judged.verdictText)}: ${out ?? join(dir, VERDICT_FILE)}`)
    return judged.exitCode
  },
})

function comparison(stored: string | undefined, fresh: string): string {
  if (stored === undefined) return 'wrote the verdict (none was stored)'
  return stored === fresh ? 'same verdict as stored, byte for byte' : 'verdict differs from the stored one'
}
