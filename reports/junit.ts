import type { Finding, Verdict } from '#weir/assertions/verdict/verdict.ts'
import { causeOf } from './causes.ts'
import { runFacts } from './facts.ts'
import { figureRows } from './figures.ts'
import type { Report } from './report.ts'
import { linkTo } from './text/doc-url.ts'
import { escapeXmlAttribute as attribute, escapeXmlText as text } from './text/escape.ts'
import { momentsOf, secondsOf } from './text/time.ts'
import { TEXTS } from './texts/index.ts'
import { runTitle } from './title.ts'
import { warningsOf } from './warnings.ts'

const { junit: texts } = TEXTS

/**
 * JUnit XML: one testcase per assertion. `fail` is a failure; `inconclusive` is an error, because every CI tool counts
 * an error as not passed, and many count a skipped test as passed. The shape is the one that Jenkins, GitLab and
 * GitHub's report actions read.
 */
export function renderJunit(report: Report): string {
  const { run, verdict } = report
  const title = runTitle(report)
  const { manifest } = run.record
  const count = (outcome: Finding['outcome']) =>
    verdict.findings.filter((finding) => finding.outcome === outcome).length
  const totals = `tests="${verdict.findings.length}" failures="${count('fail')}" errors="${count('inconclusive')}"`
  const seconds = secondsOf(run.moments.end).toFixed(3)
  const startedAt = new Date(manifest.clock.anchorUnixMs).toISOString().slice(0, 19)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="weir" ${totals} time="${seconds}">`,
    `  <testsuite name="${attribute(title)}" ${totals} skipped="0" time="${seconds}" timestamp="${startedAt}">`,
    '    <properties>',
    ...runFacts(run).map(({ name, value }) => property(name, value)),
    ...figureRows(verdict.figures).map(({ title, value, bound }) =>
      property(title, TEXTS.noted({ value, note: bound })),
    ),
    ...verdict.causes.map(({ title, link }, index) =>
      property(texts.causeName(index + 1), texts.seeCause({ title, link: linkTo(link) })),
    ),
    ...warningsOf(run).map((warning, index) => property(texts.noteName(index + 1), warning)),
    '    </properties>',
    ...verdict.findings.flatMap((finding) =>
      testcase(finding, title, (one) => details(verdict, one, momentsOf(run))),
    ),
    `    <system-out>${text(verdict.headline)}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function property(name: string, value: string): string {
  return `      <property name="${attribute(name)}" value="${attribute(value)}"/>`
}

function testcase(finding: Finding, title: string, details: (finding: Finding) => string): string[] {
  // A dot in a class name begins another level in most tools.
  const className = `weir.${title.replaceAll('.', '_')}`
  const open = `    <testcase name="${attribute(`${finding.id}: ${finding.title}`)}" classname="${attribute(className)}" time="0">`
  return [open, `      ${outcomeElement(finding, text(details(finding)))}`, '    </testcase>']
}

function outcomeElement(finding: Finding, content: string): string {
  if (finding.outcome === 'pass') return `<system-out>${content}</system-out>`
  const element = finding.outcome === 'fail' ? 'failure' : 'error'
  const message = attribute(finding.sentence)
  return `<${element} message="${message}" type="${finding.outcome}">${content}</${element}>`
}

function details(verdict: Verdict, finding: Finding, moment: (t: number) => string): string {
  const cause = causeOf(verdict, finding)
  const lines = [finding.sentence, texts.measured(finding.measured), texts.bound(finding.bound)]
  if (cause) lines.push(texts.cause({ ...cause, link: linkTo(cause.link) }))
  if (finding.settle) lines.push(texts.settle(finding.settle))
  if (finding.deviation) lines.push(TEXTS.finding.deviation(finding.deviation))
  for (const { file, fromT, toT, what } of finding.evidence)
    lines.push(texts.evidence({ file, from: moment(fromT), to: moment(toT), what }))
  return lines.join('\n')
}
