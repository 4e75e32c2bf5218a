import type { Cause, Evidence, Finding, Outcome } from '#weir/assertions/verdict/verdict.ts'
import { sectionsOf } from '../causes.ts'
import { tally } from '../order.ts'
import type { Report } from '../report.ts'
import { docUrl } from '../text/doc-url.ts'
import { escapeHtml } from '../text/escape.ts'
import { momentsOf } from '../text/time.ts'
import { TEXTS, HTML_TEXTS as texts } from '../texts/index.ts'
import { evidenceAnchor } from './evidence-data.ts'

const MARK: Record<Outcome, string> = { pass: '✓', fail: '✗', inconclusive: '?' }

/** The outcome as a sign, a word and a colour: never a colour alone. */
export function badge(outcome: Outcome): string {
  return `<span class="badge ${outcome}"><span aria-hidden="true">${MARK[outcome]}</span> ${TEXTS.outcome[outcome]}</span>`
}

/** Every finding as a row: by cause, then others that failed or are inconclusive; passes folded. */
export function verdictSection({ run, verdict }: Report): string {
  const moment = momentsOf(run)
  const sections = sectionsOf(verdict).map(({ cause, findings }) => ({
    cause,
    findings: findings.filter(({ outcome }) => outcome !== 'pass'),
  }))
  const passed = verdict.findings.filter(({ outcome }) => outcome === 'pass')
  return [
    '<section id="verdict" aria-labelledby="verdict-title">',
    `<h2 id="verdict-title">${texts.sections.verdict} <small>${tally(verdict.findings)}</small></h2>`,
    `<div id="outcomes" class="outcomes" role="group" aria-label="${texts.outcomes}"></div>`,
    ...sections
      .filter(({ findings }) => findings.length > 0)
      .flatMap(({ cause, findings }) => [
        ...(cause
          ? [causeHeading(cause)]
          : verdict.causes.length > 0
            ? [`<h3 class="cause">${texts.noCause}</h3>`]
            : []),
        table(findings, moment, cause ? texts.followsFrom(cause.id) : texts.notPassing),
      ]),
    ...(passed.length > 0 ? [foldedPasses(passed, moment)] : []),
    '</section>',
  ].join('\n')
}

/** A cause above the table of what follows from it. */
function causeHeading({ title, link }: Cause): string {
  const url = docUrl(link)
  const where = url ? `<a href="${escapeHtml(url)}">${escapeHtml(link)}</a>` : escapeHtml(link)
  return `<h3 class="cause"><span class="kind">${texts.cause}</span> ${escapeHtml(title)} <small>${where}</small></h3>`
}

/** Passed assertions by name; details unfold. */
function foldedPasses(passed: readonly Finding[], moment: (t: number) => string): string {
  const names = passed.map(
    ({ id }) => `<li><a href="#finding-${escapeHtml(id)}">${MARK.pass} ${escapeHtml(id)}</a></li>`,
  )
  return [
    `<details class="passed"><summary>${texts.passes(passed.length)}</summary>`,
    `${table(passed, moment, texts.passing)}</details>`,
    `<ul class="names" aria-label="${texts.passing}">${names.join('')}</ul>`,
  ].join('\n')
}

function table(findings: readonly Finding[], moment: (t: number) => string, caption: string): string {
  return [
    `<table class="findings"><caption class="unseen">${escapeHtml(caption)}</caption>`,
    `<thead><tr>${texts.columns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...findings.map((finding) => row(finding, moment)),
    '</tbody></table>',
  ].join('\n')
}

function row(finding: Finding, moment: (t: number) => string): string {
  const { id, title, outcome, sentence, measured, bound, settle, deviation, evidence } = finding
  const details = [
    `<span class="measured">${texts.measured} <b>${escapeHtml(measured)}</b>${bound ? `${texts.bound} <b>${escapeHtml(bound)}</b>` : ''}</span>`,
    ...(settle ? [`<span class="settle">${escapeHtml(TEXTS.finding.settle(settle))}</span>`] : []),
    ...(deviation
      ? [`<span class="deviation">${escapeHtml(TEXTS.finding.deviation(deviation))}</span>`]
      : []),
  ]
  const links = evidence.map((it, index) => evidenceLink(finding, it, index, moment))
  return [
    `<tr class="${outcome}" id="finding-${escapeHtml(id)}">`,
    `<td>${badge(outcome)}</td>`,
    `<th scope="row"><span class="id">${escapeHtml(id)}</span><span class="title">${escapeHtml(title)}</span></th>`,
    `<td><p>${escapeHtml(sentence)}</p><p class="details">${details.join(' ')}</p></td>`,
    `<td>${links.length > 0 ? `<ul class="evidence-links">${links.join('')}</ul>` : '<span class="none">–</span>'}</td>`,
    '</tr>',
  ].join('')
}

function evidenceLink(
  finding: Finding,
  evidence: Evidence,
  index: number,
  moment: (t: number) => string,
): string {
  const anchor = escapeHtml(evidenceAnchor(finding, index))
  const span =
    evidence.fromT === evidence.toT
      ? moment(evidence.fromT)
      : texts.span({ from: moment(evidence.fromT), to: moment(evidence.toT) })
  return `<li id="${anchor}"><a href="#${anchor}" title="${escapeHtml(`${evidence.file}, ${span}`)}">${escapeHtml(evidence.what)}</a><small>${escapeHtml(span)}</small></li>`
}
