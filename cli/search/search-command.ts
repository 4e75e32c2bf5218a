import { EXIT } from '#weir/errors/index.ts'
import { EXIT_OF, type SearchResult } from '#weir/search/index.ts'
import type { Output } from '../output.ts'
import { quieted } from '../output-options.ts'
import { claimOutDir, refuseUsedOutDir } from '../run/out-dir.ts'
import { type RunRequest, scenarioOf } from '../run/run-and-judge.ts'
import { alignedRows } from '../table.ts'
import { limitsOf, type SearchFlags, versionsOf } from './options.ts'
import { searchPage } from './page.ts'
import { type RunTrial, runSearch, SearchInterrupted, writeSearch } from './run-search.ts'
import { targetsOf } from './targets.ts'
import { frontierRows, headlineOf } from './tell.ts'
import { runWith } from './vary.ts'

/** Everything is read before the first run: the scenario with its smallest value, the targets, the budget. */
export async function searched(run: RunRequest, flags: SearchFlags, whole: Output): Promise<number> {
  const { vary, out, json } = flags
  const output = quieted({ json }, whole)
  refuseUsedOutDir(out)
  const limits = limitsOf(flags)
  const versions = versionsOf(flags)
  const scenario = scenarioOf(runWith(run, vary, scenarioOf(run), limits.from))
  const targets = targetsOf(flags.target, scenario)
  const asked = { targets: targets.map(({ text }) => text).join(', '), vary, limits }
  const dir = out ?? claimOutDir(`search-${scenario.name}`, new Date())
  let soFar: SearchResult<RunTrial> = { end: 'stopped', tried: [], seconds: 0 }
  const tell = async (result: SearchResult<RunTrial>) => {
    const headline = headlineOf(result, asked)
    const document = JSON.stringify({ headline, scenario: scenario.name, ...asked, ...result }, undefined, 2)
    await writeSearch(dir, document, searchPage(result, asked, headline))
    if (json) output.print(document)
    else {
      output.print(`\n${alignedRows(frontierRows(result, vary), output.columns)}\n\n${headline}`)
      output.print(`  ${dir}/search.html`)
    }
    return EXIT_OF[result.end]
  }
  try {
    return await tell(
      await runSearch({ scenario, run, vary, limits, targets, versions, dir }, output, (known) => {
        soFar = known
      }),
    )
  } catch (error) {
    // What is known is not lost with the run that ended it.
    const exitCode = soFar.tried.length > 0 ? await tell(soFar) : EXIT.interrupted
    if (error instanceof SearchInterrupted) return exitCode
    throw error
  }
}
