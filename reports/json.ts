import { inLanguage } from '#weir/facts/index.ts'
import { runFacts } from './facts.ts'
import { messageFigures } from './messages.ts'
import type { Report } from './report.ts'
import { warningsOf } from './warnings.ts'

/** The verdict and what a machine needs to file it: how the run was made, how it ended, and where its moments lie. */
export function renderJson({ run, verdict }: Report): string {
  const { manifest } = run.record
  const content = {
    format: 1,
    scenario: manifest.scenario.name,
    startedUnixMs: manifest.clock.anchorUnixMs,
    seed: manifest.seed,
    weir: manifest.weir,
    end: manifest.end ?? null,
    parameters: run.hasParameters ? run.parameters : null,
    momentsNs: run.moments,
    // For programs: their names are the same in every language.
    facts: inLanguage('en', () => Object.fromEntries(runFacts(run).map(({ name, value }) => [name, value]))),
    warnings: warningsOf(run),
    counts: {
      clients: run.record.fleet.ids.length,
      connections: run.connections.length,
      attempts: run.attempts.length,
      evictions: run.evictions.length,
      scrapes: run.record.scrapes.length,
      failedScrapes: run.record.scrapes.filter((scrape) => !scrape.ok).length,
    },
    messages: messageFigures(run) ?? null,
    verdict,
  }
  return `${JSON.stringify(content, null, 2)}\n`
}
