import { join } from 'node:path'
import { inChosen } from '#weir/facts/index.ts'
import { defineCommand } from '../command.ts'
import { quieted, verdictOptions } from '../output-options.ts'

const english = {
  wrote: 'wrote the verdict (none was stored)',
  same: 'same verdict as stored, byte for byte',
  translated: 'same verdict as stored, which is in another language',
  differs: 'verdict differs from the stored one',
  of: ({ words, file }: { words: string; file: string }) => `${words}: ${file}`,
}

const chinese: typeof english = {
  wrote: '已写入结论（此前没有保存）',
  same: '与保存的结论逐字节相同',
  translated: '与保存的结论相同，保存的结论使用另一种语言',
  differs: '与保存的结论不同',
  of: ({ words, file }) => `${words}：${file}`,
}

const texts = inChosen({ en: english, zh: chinese })

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
    const { isSameInAnother, judgeRecord, storedVerdict, VERDICT_FILE, writeResult } = await import(
      '../judge-record.ts'
    )
    const { showVerdict } = await import('../run/show-verdict.ts')
    const judged = await judgeRecord(dir)
    const stored = await storedVerdict(dir)
    const isTranslated =
      stored !== undefined && stored !== judged.verdictText && isSameInAnother(judged, stored)
    showVerdict(flags, output)(judged, [])
    if (out !== undefined) await writeResult(out, judged.verdictText)
    else if (stored !== judged.verdictText && !isTranslated && !(keep && stored !== undefined))
      await writeResult(join(dir, VERDICT_FILE), judged.verdictText)
    const tell = flags.json || flags.quiet ? output.progress : output.print
    const words = isTranslated ? texts.translated : comparison(stored, judged.verdictText)
    tell(texts.of({ words, file: out ?? join(dir, VERDICT_FILE) }))
    return judged.exitCode
  },
})

function comparison(stored: string | undefined, fresh: string): string {
  if (stored === undefined) return texts.wrote
  return stored === fresh ? texts.same : texts.differs
}
