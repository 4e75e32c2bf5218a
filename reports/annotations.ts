import type { Cause, Finding, Outcome } from '#weir/assertions/verdict/verdict.ts'
import { sectionsOf } from './causes.ts'
import { keyFigures } from './key-figures.ts'
import type { Report } from './report.ts'
import { linkTo } from './text/doc-url.ts'
import { visible } from './text/escape.ts'
import { TEXTS } from './texts/index.ts'
import { runTitle } from './title.ts'

/** GitHub shows ten of each level for a step. */
const MOST = 10

const LEVEL = { pass: 'notice', fail: 'error', inconclusive: 'warning' } as const satisfies Record<
  Outcome,
  string
>

/**
 * Annotations of a GitHub Actions job, one workflow command a line: the headline with the key figures first, then each
 * cause with what follows from it, then what else failed or stayed open, most urgent first.
 */
export function renderAnnotations(report: Report): string[] {
  const { outcome, headline } = report.verdict
  const title = runTitle(report)
  const figures = keyFigures(report).map(({ name, value, note }) => `${name} ${TEXTS.noted({ value, note })}`)
  const one = (finding: Finding) =>
    command(LEVEL[finding.outcome], `${title}: ${finding.id}`, finding.sentence)
  const rest = sectionsOf(report.verdict)
    .flatMap(({ cause, findings }) => [
      ...(cause ? [causeLine(title, cause, findings[0]!.outcome)] : []),
      ...findings.filter(({ outcome }) => outcome !== 'pass').map(one),
    ])
    .slice(0, MOST - 1)
  return [
    command(
      LEVEL[outcome],
      `weir ${title}: ${TEXTS.outcome[outcome]}`,
      `${headline}\n${TEXTS.listed(figures)}`,
    ),
    ...rest,
  ]
}

/** At the level of the worst that follows from it. */
const causeLine = (title: string, cause: Cause, worst: Outcome) =>
  command(
    LEVEL[worst],
    TEXTS.annotations.causeOf({ title, findings: cause.findings.length }),
    `${cause.title}\n${TEXTS.listed(cause.findings)}\n${TEXTS.annotations.see(linkTo(cause.link))}`,
  )

/** `::level title=…::message`, as the runner's parser reads it. */
function command(level: string, title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}`
}

const data = (text: string) =>
  visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
