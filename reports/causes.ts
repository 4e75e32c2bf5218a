import type { Cause, Finding, Verdict } from '#weir/assertions/verdict/verdict.ts'
import { mostUrgentFirst } from './order.ts'

/** Findings that a report shows together: what follows from one cause, or what has none that is known. */
export interface Section {
  cause?: Cause
  /** Most urgent first; at least one. */
  findings: Finding[]
}

/**
 * All findings of a verdict: first what failed, by cause and then without one, then the same of what is inconclusive. Those that passed are
 * in the last section.
 */
export function sectionsOf({ causes, findings }: Pick<Verdict, 'causes' | 'findings'>): Section[] {
  const groups = causes.map(
    (cause): Section => ({
      cause,
      findings: mostUrgentFirst(findings.filter(({ id }) => cause.findings.includes(id))),
    }),
  )
  const grouped = new Set(groups.flatMap((group) => group.findings))
  const others = mostUrgentFirst(findings.filter((finding) => !grouped.has(finding)))
  const hasFailed = ({ outcome }: Finding) => outcome === 'fail'
  const [urgent, open] = [true, false].map((is) =>
    groups.filter((one) => one.findings.some(hasFailed) === is),
  )
  const rest =
    open!.length === 0
      ? [{ findings: others }]
      : [
          { findings: others.filter(hasFailed) },
          ...open!,
          { findings: others.filter((finding) => !hasFailed(finding)) },
        ]
  return [...urgent!, ...rest].filter((section) => section.findings.length > 0)
}

/** The cause of a finding, if one is known. */
export const causeOf = ({ causes }: Pick<Verdict, 'causes'>, { id }: Finding): Cause | undefined =>
  causes.find(({ findings }) => findings.includes(id))
