import type { Cause, Finding, Verdict } from '#weir/assertions/verdict/verdict.ts'
import { mostUrgentFirst } from './order.ts'

/** A cause with what follows from it, most urgent first. */
export interface CauseGroup {
  cause: Cause
  findings: Finding[]
}

/** The causes of a verdict with their findings, and the findings that have none. */
export function byCause({ causes, findings }: Pick<Verdict, 'causes' | 'findings'>): {
  groups: CauseGroup[]
  others: Finding[]
} {
  const groups = causes.map((cause) => ({
    cause,
    findings: mostUrgentFirst(findings.filter(({ id }) => cause.findings.includes(id))),
  }))
  const grouped = new Set(groups.flatMap((group) => group.findings))
  return { groups, others: mostUrgentFirst(findings.filter((finding) => !grouped.has(finding))) }
}

/** The cause of a finding, if one is known. */
export const causeOf = ({ causes }: Pick<Verdict, 'causes'>, { id }: Finding): Cause | undefined =>
  causes.find(({ findings }) => findings.includes(id))
