import type { Finding, Outcome } from '#weir/assertions/verdict/verdict.ts'
import { TEXTS } from './texts/index.ts'

const RANK: Record<Outcome, number> = { fail: 0, inconclusive: 1, pass: 2 }

/** Failures first, then inconclusive findings, then passes; each in the scenario's order. */
export function mostUrgentFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => RANK[a.outcome] - RANK[b.outcome])
}

/** "21 pass, 3 fail, 1 inconclusive", leaving out what there is none of. */
export function tally(findings: readonly Finding[]): string {
  const outcomes: Outcome[] = ['pass', 'fail', 'inconclusive']
  const counts = outcomes.map((outcome) => ({
    outcome,
    count: findings.filter((finding) => finding.outcome === outcome).length,
  }))
  return TEXTS.tally(counts.filter(({ count }) => count > 0))
}
