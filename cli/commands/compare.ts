import { EXIT, WeirError } from '#weir/errors/index.ts'
import { defineCommand } from '../command.ts'
import { jsonText } from '../output-options.ts'

/** `compare BASE… -- NEW…` as yargs understands it, so that flags may stand anywhere. */
export function withNow(argv: readonly string[]): readonly string[] {
  const dashes = argv[0] === 'compare' ? argv.indexOf('--') : -1
  return dashes === -1 ? argv : argv.with(dashes, '--now')
}

export const compare = defineCommand({
  usage: 'compare <base..>',
  summary: 'compare runs with a baseline: which figures are better, the same, or worse',
  examples: [
    ['compare runs/OLD-1 runs/OLD-2 runs/OLD-3 -- runs/NEW', 'three runs or more make a baseline'],
    ['compare baseline.json -- runs/NEW --html page.html', 'curves over each other'],
  ],
  options: (yargs) =>
    yargs
      .positional('base', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'folders of runs, or one file of "weir baseline save"',
      })
      .option('now', {
        type: 'string',
        array: true,
        default: [] as string[],
        defaultDescription: 'needed',
        describe: 'folders of the runs to compare; "--" alone is the same',
      })
      .option('policy', {
        type: 'string',
        describe: 'YAML file of the differences that matter (docs/gate.md)',
      })
      .option('json', { type: 'boolean', default: false, describe: 'the comparison for programs' })
      .option('html', { type: 'string', describe: 'file for a page with the curves of both over each other' })
      .epilogue(
        'Exit codes: 0 nothing is worse, 5 a figure is worse, 3 nothing is, and what matters cannot be told.',
      ),
  async run(args, output) {
    const { base: baseArgs, now: nowArgs, policy, json, html } = args
    if (nowArgs.length === 0)
      throw new WeirError('WEIR_USAGE', 'the runs to compare are missing: weir compare BASE… -- NEW…')
    const { sideOf, sideOfRuns } = await import('../gate/sides.ts')
    const { comparedSides, comparisonDocument, readFloors, tellComparison } = await import(
      '../gate/compared.ts'
    )
    const { outcomeOf } = await import('#weir/gate/index.ts')
    const floors = await readFloors(policy)
    const [base, now] = [await sideOf(baseArgs), await sideOfRuns(nowArgs)]
    const compared = comparedSides(base.set, now.set, floors, nowArgs[0]!)
    const { comparisons } = compared
    const outcome = outcomeOf(comparisons)
    if (html !== undefined) {
      const { renderComparison } = await import('#weir/reports/index.ts')
      const { writeResult } = await import('../judge-record.ts')
      const views = { base: base.views, now: now.views }
      await writeResult(html, renderComparison(base.set, now.set, comparisons, views))
      output.note(html)
    }
    if (json) output.print(jsonText(comparisonDocument(compared)))
    else tellComparison(compared, output)
    return EXIT[outcome]
  },
})
