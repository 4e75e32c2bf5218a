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
import { TEXTS } from './texts/index.ts'
import { runTitle } from './title.ts'
import { warningsOf } from './warnings.ts'

const { markdown: texts } = TEXTS

const SIGN: Record<Outcome, string> = { pass: '✅', fail: '❌', inconclusive: '❔' }

const mark = (outcome: Outcome) => `${SIGN[outcome]} ${TEXTS.outcome[outcome]}`

/** A summary for a pull request or a job's page (GitHub's Markdown): the headline, the causes and the key figures in sight, the rest folded. */
export function renderMarkdown(report: Report): string {
  const { run, verdict } = report
  const moment = momentsOf(run)
  const urgent = mostUrgentFirst(verdict.findings).filter((finding) => finding.outcome !== 'pass')
  const passed = verdict.findings.filter((finding) => finding.outcome === 'pass')
  return [
    texts.title({ mark: mark(verdict.outcome), title: md(runTitle(report)) }),
    '',
    md(verdict.headline),
    '',
    ...verdict.causes.flatMap((cause) => causeLine(cause, verdict.headline)),
    ...keyTable(report),
    ...warningsOf(run).flatMap((warning) => [`> ${texts.note(md(warning))}`, '']),
    ...(urgent.length > 0
      ? folded(tally(urgent), [...table(urgent), '', ...urgent.flatMap((one) => evidence(one, moment))])
      : []),
    ...(passed.length > 0
      ? folded(texts.passed({ passed: passed.length, all: verdict.findings.length }), table(passed))
      : []),
    ...figures(verdict.figures),
    ...messages(run),
    ...folded(texts.run, factTable(run)),
    texts.end(tally(verdict.findings)),
    '',
  ].join('\n')
}

/** A cause and what follows from it, in one paragraph. */
function causeLine({ title, link, findings }: Cause, headline: string): string[] {
  const words = headline.includes(title) ? undefined : md(title)
  const url = docUrl(link)
  const where = url ? `[${md(link)}](${url})` : md(link)
  return [texts.cause({ title: words, findings: TEXTS.listed(findings.map(md)), link: where }), '']
}

function keyTable(report: Report): string[] {
  const figures = keyFigures(report)
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const values = figures.map(({ value, note }) => md(TEXTS.noted({ value, note })))
  return [
    row(figures.map(({ name }) => md(name))),
    row(figures.map(() => '---')),
    row(values.map((value) => `**${value}**`)),
    '',
  ]
}

function table(findings: readonly Finding[]): string[] {
  const row = (f: Finding) =>
    `| ${mark(f.outcome)} | ${md(f.id)} | ${md(f.sentence)} | ${md(f.measured)} | ${md(f.bound)} |`
  return [head(texts.columns), '|---|---|---|---|---|', ...findings.map(row)]
}

function evidence(finding: Finding, moment: (t: number) => string): string[] {
  const lines = finding.evidence.map(
    ({ file, fromT, toT, what }) =>
      `  - ${texts.evidence({ file: md(file), from: moment(fromT), to: moment(toT), what: md(what) })}`,
  )
  if (finding.settle) lines.push(`  - ${TEXTS.finding.settle(md(finding.settle))}`)
  if (finding.deviation) lines.push(`  - ${texts.deviation(md(finding.deviation))}`)
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
  return folded(texts.figures, [head(texts.figureColumns), '|---|---|---|---|', ...rows])
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
  return folded(texts.messages, [
    head(texts.messageColumns),
    '|---|---|---|---|---|---|---|---|',
    ...figures.byQos.map(
      ({ qos, sent, acknowledged, received, lost, duplicated, redelivered, reordered }) =>
        `| QoS ${qos} | ${sent} | ${qos === 0 ? '–' : acknowledged} | ${received} | ${lost} | ${duplicated - redelivered} | ${reordered} | ${delivery(qos, 'p50Ms')}, ${delivery(qos, 'p99Ms')}, ${delivery(qos, 'maxMs')} |`,
    ),
  ])
}

/** Of a table's head. */
const head = (cells: readonly string[]) =>
  `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`

function folded(summary: string, content: readonly string[]): string[] {
  return [`<details><summary>${md(summary)}</summary>`, '', ...content, '', '</details>', '']
}
