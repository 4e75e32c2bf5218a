import { join } from 'node:path'
import { EXIT, WeirError } from '#weir/errors/index.ts'
import type { RunSet } from '#weir/gate/index.ts'
import type { Report } from '#weir/reports/index.ts'
import { defineCommand } from '../command.ts'
import type { Judged } from '../judge-record.ts'

const FORMATS = ['html', 'junit', 'markdown', 'json', 'openmetrics'] as const

type Format = (typeof FORMATS)[number]

export const report = defineCommand({
  usage: 'report <run>',
  summary: 'show a record and its verdict, as a table or in another format',
  examples: [
    ['report runs/RUN', 'the verdict as a table'],
    ['report runs/RUN --html', 'writes report.html into the record'],
    ['report runs/RUN --junit --out junit.xml', 'for CI'],
  ],
  options: (yargs) =>
    yargs
      .positional('run', { type: 'string', demandOption: true, describe: 'folder that "weir run" wrote' })
      .option('html', { type: 'boolean', default: false, describe: 'one self-contained page with charts' })
      .option('junit', { type: 'boolean', default: false, describe: 'JUnit XML for CI' })
      .option('markdown', { type: 'boolean', default: false, describe: 'a summary for a pull request' })
      .option('json', { type: 'boolean', default: false, describe: 'verdict and facts for programs' })
      .option('openmetrics', {
        type: 'boolean',
        default: false,
        describe: 'metrics over time, for a Prometheus to load',
      })
      .option('baseline', {
        type: 'string',
        describe: 'file of "weir baseline save": its figures stand beside those of the run',
      })
      .implies('baseline', 'html')
      .option('out', {
        type: 'string',
        defaultDescription: 'report.html of the record for --html, else stdout',
        describe: 'file to write',
      }),
  async run(args, output) {
    const format = chosenFormat(FORMATS.filter((name) => args[name]))
    const { judgeRecord, writeResult } = await import('../judge-record.ts')
    const reports = await import('#weir/reports/index.ts')
    const { openMetrics } = await import('#weir/watch/index.ts')
    const renderers = {
      html: reports.renderHtml,
      junit: reports.renderJunit,
      markdown: reports.renderMarkdown,
      json: reports.renderJson,
      openmetrics: ({ run, verdict }: Report) => openMetrics(run.record, verdict, run.moments.end),
    }
    const judged = await judgeRecord(args.run)
    const baseline = args.baseline === undefined ? undefined : await besideOf(args.baseline, judged)
    const text = format
      ? renderers[format]({ ...judged, ...(baseline && { baseline }) })
      : reports.renderTerminal(judged, output)
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
      `only one format at a time: choose one of ${chosen.map((it) => `--${it}`).join(' and ')}`,
    )
  return chosen[0]
}

/** The baseline, which must be of runs like this one. Throws WEIR_BASELINE and WEIR_UNLIKE. */
async function besideOf(file: string, { dir, run }: Judged): Promise<RunSet> {
  const { readBaseline, requireAlike, settingsOf } = await import('#weir/gate/index.ts')
  const { textOf } = await import('../gate/sides.ts')
  const base = readBaseline(await textOf(file), file)
  const own = settingsOf(run.record.manifest)
  if (own) requireAlike(base.settings, own, dir)
  return base
}
