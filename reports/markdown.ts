import type { Cause, Finding, Outcome } from '#weir/assertions/verdict/verdict.ts'
import { runFacts } from './facts.ts'
import { figureRows } from './figures.ts'
import { keyFigures } from './key-figures.ts'
import { latencyText, messageFigures } from './messages.ts'
import { mostUrgentFirst, tally } from './order.ts'
import type { Report } from './report.ts'
import { docUrl } from './text/doc-url.ts'
import { escapeMarkdown as md } from './text/escape.ts'
import { momentsOf } from './text/time.ts'
import { runTitle } from './title.ts'
import { warningsOf } from './warnings.ts'

const MARK: Record<Outcome, string> = { pass: '✅ pass', fail: '❌ fail', inconclusive: '❔ inconclusive' }

/** A summary for a pull request or a job's page (GitHub's Markdown): the headline, the causes and the key figures in sight, the rest folded. */
export function renderMarkdown(report: Report): string {
  const { run, verdict } = report
  const moment = momentsOf(run)
  const urgent = mostUrgentFirst(verdict.findings).filter((finding) => finding.outcome !== 'pass')
  const passed = verdict.findings.filter((finding) => finding.outcome === 'pass')
  return [
    `## ${MARK[verdict.outcome]}: weir ${md(runTitle(report))}`,
    '',
    md(verdict.headline),
    '',
    ...verdict.causes.flatMap((cause) => causeLine(cause, verdict.headline)),
    ...keyTable(report),
    ...warningsOf(run).flatMap((warning) => [`> **Note:** ${md(warning)}`, '']),
    ...(urgent.length > 0
      ? folded(tally(urgent), [...table(urgent), '', ...urgent.flatMap((one) => evidence(one, moment))])
      : []),
    ...(passed.length > 0
      ? folded(`${passed.length} of ${verdict.findings.length} assertions pass`, table(passed))
      : []),
    ...figures(verdict.figures),
    ...messages(run),
    ...folded('The run', factTable(run)),
    `${tally(verdict.findings)}.`,
    '',
  ].join('\n')
}

/** A cause and what follows from it, in one paragraph. */
function causeLine({ title, link, findings }: Cause, headline: string): string[] {
  const words = headline.includes(title) ? 'as above.' : md(title)
  const url = docUrl(link)
  const where = url ? `[${md(link)}](${url})` : md(link)
  return [`**Cause:** ${words} What follows from it: ${findings.map(md).join(', ')}. See ${where}.`, '']
}

function keyTable(report: Report): string[] {
  const figures = keyFigures(report)
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const values = figures.map(({ value, note }) => md(note ? `${value} (${note})` : value))
  return [
    row(figures.map(({ name }) => md(name))),
    row(figures.map(() => '---')),
    row(values.map((value) => `**${value}**`)),
    '',
  ]
}

function table(findings: readonly Finding[]): string[] {
  const row = (f: Finding) =>
    `| ${MARK[f.outcome]} | ${md(f.id)} | ${md(f.sentence)} | ${md(f.measured)} | ${md(f.bound)} |`
  return ['| | assertion | result | measured | bound |', '|---|---|---|---|---|', ...findings.map(row)]
}

function evidence(finding: Finding, moment: (t: number) => string): string[] {
  const lines = finding.evidence.map(
    ({ file, fromT, toT, what }) => `  - ${md(file)}, ${moment(fromT)} to ${moment(toT)}: ${md(what)}`,
  )
  if (finding.settle) lines.push(`  - To resolve: ${md(finding.settle)}`)
  if (finding.deviation) lines.push(`  - matches the known deviation ${md(finding.deviation)}`)
  return lines.length > 0 ? [`- **${md(finding.id)}**`, ...lines, ''] : []
}

function factTable(run: Report['run']): string[] {
  return ['| | |', '|---|---|', ...runFacts(run).map(({ name, value }) => `| ${md(name)} | ${md(value)} |`)]
}

function figures(all: Report['verdict']['figures']): string[] {
  const rows = figureRows(all).map(
    ({ title, value, bound, margin }) => `| ${md(title)} | ${md(value)} | ${md(bound)} | ${md(margin)} |`,
  )
  if (rows.length === 0) return []
  return folded('Figures', ['| figure | value | bound | margin |', '|---|---|---|---|', ...rows])
}

function messages(run: Report['run']): string[] {
  const figures = messageFigures(run)
  if (!figures || figures.byQos.length === 0) return []
  const delivery = (qos: number, key: 'p50Ms' | 'p99Ms' | 'maxMs') => {
    const latency = figures.byQos
      .find((one) => one.qos === qos)
      ?.latencies.find((one) => one.of === 'delivery')
    return latency ? latencyText(latency[key]) : '–'
  }
  return folded('Messages', [
    '| | sent | acknowledged | arrived | lost | duplicated | out of order | delivered within (50 %, 99 %, longest) |',
    '|---|---|---|---|---|---|---|---|',
    ...figures.byQos.map(
      ({ qos, sent, acknowledged, received, lost, duplicated, redelivered, reordered }) =>
        `| QoS ${qos} | ${sent} | ${qos === 0 ? '–' : acknowledged} | ${received} | ${lost} | ${duplicated - redelivered} | ${reordered} | ${delivery(qos, 'p50Ms')}, ${delivery(qos, 'p99Ms')}, ${delivery(qos, 'maxMs')} |`,
    ),
  ])
}

function folded(summary: string, content: readonly string[]): string[] {
  return [`<details><summary>${md(summary)}</summary>`, '', ...content, '', '</details>', '']
}
