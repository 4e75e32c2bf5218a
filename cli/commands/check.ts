import { join } from 'node:path'
import { defineCommand } from '../command.ts'

/** weir check: judges a record again, offline. */
export const check = defineCommand({
  usage: 'check <run>',
  summary: 'judge a record again, without any cluster',
  options: (yargs) =>
    yargs
      .positional('run', { type: 'string', demandOption: true, describe: 'folder that "weir run" wrote' })
      .option('out', {
        type: 'string',
        describe: 'write the verdict here instead of verdict.json of the record',
      })
      .option('keep', {
        type: 'boolean',
        default: false,
        describe: 'leave the stored verdict as it is, even when this one differs',
      })
      .epilogue('Exit codes: 0 pass, 1 fail, 3 inconclusive, 130 the run was interrupted.'),
  async run({ run: dir, out, keep }, output) {
    const { judgeRecord, storedVerdict, VERDICT_FILE, writeResult } = await import('../judge-record.ts')
    const { renderTerminal } = await import('#weir/reports/index.ts')
    const judged = await judgeRecord(dir)
    const stored = await storedVerdict(dir)
    output.print(renderTerminal(judged, output).trimEnd())
    if (out !== undefined) await writeResult(out, judged.verdictText)
    else if (stored !== judged.verdictText && !(keep && stored !== undefined))
      await writeResult(join(dir, VERDICT_FILE), judged.verdictText)
    output.print(`${comparison(stored, judged.verdictText)}: ${out ?? join(dir, VERDICT_FILE)}`)
    return judged.exitCode
  },
})

function comparison(stored: string | undefined, fresh: string): string {
  if (stored === undefined) return 'there was no verdict yet; it is written now'
  return stored === fresh
    ? 'the same verdict as stored, byte for byte'
    : 'verdict differs from the stored one'
}
