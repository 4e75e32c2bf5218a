import type { Finding, Outcome } from '#weir/assertions/verdict.ts'
import { runFacts } from './facts.ts'
import { mostUrgentFirst, tally } from './order.ts'
import type { Report } from './report.ts'
import { escapeMarkdown as md } from './text/escape-markdown.ts'
import { momentsOf } from './text/moment.ts'
import { warningsOf } from './warnings.ts'

const MARK: Record<Outcome, string> = { pass: '✅ pass', fail: '❌ fail', inconclusive: '❔ inconclusive' }

/** A summary for a pull request or a job's page (GitHub's Markdown): what needs a reader in sight, the rest folded. */
export function renderMarkdown({ run, verdict }: Report): string {
  const moment = momentsOf(run)
  const urgent = mostUrgentFirst(verdict.findings).filter((finding) => finding.outcome !== 'pass')
  const passed = verdict.findings.filter((finding) => finding.outcome === 'pass')
  return [
    `## ${MARK[verdict.outcome]}: weir ${md(verdict.scenario)}`,
    '',
    md(verdict.headline),
    '',
    ...warningsOf(run).flatMap((warning) => [`> **Note:** ${md(warning)}`, '']),
    ...(urgent.length > 0 ? [...table(urgent), ''] : []),
    ...urgent.flatMap((finding) => evidence(finding, moment)),
    ...(passed.length > 0
      ? folded(`${passed.length} of ${verdict.findings.length} assertions pass`, table(passed))
      : []),
    ...folded('The run', factTable(run)),
    `${tally(verdict.findings)}.`,
    '',
  ].join('\n')
}

function table(findings: readonly Finding[]): string[] {
  const row = (f: Finding) =>
    `| ${MARK[f.outcome]} | ${md(f.id)} | ${md(f.sentence)} | ${md(f.measured)} | ${md(f.bound)} |`
  return ['| | assertion | what happened | measured | bound |', '|---|---|---|---|---|', ...findings.map(row)]
}

function evidence(finding: Finding, moment: (t: number) => string): string[] {
  const lines = finding.evidence.map(
    ({ file, fromT, toT, what }) => `  - ${md(file)}, ${moment(fromT)} to ${moment(toT)}: ${md(what)}`,
  )
  if (finding.settle) lines.push(`  - what would settle it: ${md(finding.settle)}`)
  if (finding.deviation) lines.push(`  - matches the known deviation ${md(finding.deviation)}`)
  return lines.length > 0 ? [`- **${md(finding.id)}**`, ...lines, ''] : []
}

function factTable(run: Report['run']): string[] {
  return ['| | |', '|---|---|', ...runFacts(run).map(({ name, value }) => `| ${md(name)} | ${md(value)} |`)]
}

function folded(summary: string, content: readonly string[]): string[] {
  return [`<details><summary>${md(summary)}</summary>`, '', ...content, '', '</details>', '']
}
