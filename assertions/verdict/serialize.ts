import type { Evidence, Verdict } from './verdict.ts'

/**
 * The text of verdict.json. The same verdict gives the same bytes on every machine: fields in one order, figures sorted
 * by name and rounded to nine significant digits, so that a last bit of a sum does not show.
 */
export function serializeVerdict(verdict: Verdict): string {
  const ordered = {
    format: verdict.format,
    weir: verdict.weir,
    scenario: verdict.scenario,
    outcome: verdict.outcome,
    headline: verdict.headline,
    ...(verdict.deviations && {
      deviations: {
        expected: verdict.deviations.expected,
        seen: verdict.deviations.seen,
        asExpected: verdict.deviations.asExpected,
      },
    }),
    figures: Object.fromEntries(
      Object.entries(verdict.figures).map(([id, { value, unit, better, bound, margin }]) => [
        id,
        {
          value: value === null ? null : finite(value),
          unit,
          better,
          ...(bound !== undefined && { bound: finite(bound) }),
          ...(margin !== undefined && { margin: finite(margin) }),
        },
      ]),
    ),
    causes: verdict.causes.map(({ id, title, link, findings, evidence }) => ({
      id,
      title,
      link,
      findings,
      ...(evidence && { evidence: evidence.map(evidenceOf) }),
    })),
    findings: verdict.findings.map((finding) => ({
      id: finding.id,
      title: finding.title,
      outcome: finding.outcome,
      bound: finding.bound,
      measured: finding.measured,
      sentence: finding.sentence,
      ...(finding.settle !== undefined && { settle: finding.settle }),
      ...(finding.deviation !== undefined && { deviation: finding.deviation }),
      ...(finding.despiteHarness && { despiteHarness: true }),
      evidence: finding.evidence.map(evidenceOf),
      figures: Object.fromEntries(
        Object.entries(finding.figures)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => [name, typeof value === 'number' ? finite(value) : value]),
      ),
    })),
  }
  return `${JSON.stringify(ordered, null, 2)}\n`
}

const evidenceOf = ({ file, fromT, toT, what }: Evidence) => ({
  file,
  fromT: finite(fromT),
  toT: finite(toT),
  what,
})

/** JSON has no infinity and no NaN: they become words, never null, which would read as "not measured". */
function finite(value: number): number | string {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value
  if (Number.isFinite(value)) return Number(value.toPrecision(9))
  return String(value)
}
