import { join } from 'node:path'
import { EXIT, WeirError } from '#weir/errors/index.ts'
import {
  type Renderer,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderTerminal,
} from '#weir/reports/index.ts'
import { defineCommand } from '../command.ts'
import { judgeRecord, writeResult } from '../judge-record.ts'

const FORMATS: Record<'html' | 'junit' | 'markdown' | 'json', Renderer> = {
  html: renderHtml,
  junit: renderJunit,
  markdown: renderMarkdown,
  json: renderJson,
}

type Format = keyof typeof FORMATS

const NAMES = Object.keys(FORMATS) as Format[]

/** weir report: shows a record and its verdict in one of several forms. */
export const report = defineCommand({
  usage: 'report <run>',
  summary: 'show a record and its verdict: as a table here, or in another format',
  options: (yargs) =>
    yargs
      .positional('run', { type: 'string', demandOption: true, describe: 'folder that "weir run" wrote' })
      .option('html', { type: 'boolean', default: false, describe: 'one self-contained page with charts' })
      .option('junit', { type: 'boolean', default: false, describe: 'JUnit XML for CI' })
      .option('markdown', { type: 'boolean', default: false, describe: 'a summary for a pull request' })
      .option('json', { type: 'boolean', default: false, describe: 'verdict and facts for machines' })
      .option('out', {
        type: 'string',
        defaultDescription: 'report.html of the record for --html, else stdout',
        describe: 'file to write',
      }),
  async run(args, output) {
    const format = chosenFormat(NAMES.filter((name) => args[name]))
    const judged = await judgeRecord(args.run)
    const text = format ? FORMATS[format](judged) : renderTerminal(judged, output)
    const out = args.out ?? (format === 'html' ? join(args.run, 'report.html') : undefined)
    if (out === undefined) output.print(text.trimEnd())
    else {
      await writeResult(out, text)
      output.print(out)
    }
    return EXIT.pass
  },
})

function chosenFormat(chosen: readonly Format[]): Format | undefined {
  if (chosen.length > 1)
    throw new WeirError(
      'WEIR_USAGE',
      `one format at a time: you asked for ${chosen.map((it) => `--${it}`).join(' and ')}`,
    )
  return chosen[0]
}
