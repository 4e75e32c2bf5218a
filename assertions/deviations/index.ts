import type { AssertionId, Manifest } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Finding, Verdict } from '../verdict/verdict.ts'
import { annotationsStay } from './annotations-stay.ts'
import { apiOutage } from './api-outage.ts'
import type { Deviation } from './deviation.ts'
import { everyListener } from './every-listener.ts'
import { portsRemoved } from './ports-removed.ts'
import { rebalanceGivenUp } from './rebalance-given-up.ts'
import { revertRepeats } from './revert-repeats.ts'
import { runningEarly } from './running-early.ts'
import { serviceBack } from './service-back.ts'
import { setLeft } from './set-left.ts'
import { strategyRemoved } from './strategy-removed.ts'
import { targetPort } from './target-port.ts'
import { undrainedDelete } from './undrained-delete.ts'

export type { Deviation } from './deviation.ts'

/** Every deviation that weir knows. */
export const knownDeviations: readonly Deviation[] = [
  undrainedDelete,
  setLeft,
  rebalanceGivenUp,
  runningEarly,
  revertRepeats,
  strategyRemoved,
  apiOutage,
  serviceBack,
  // The first that explains a failure names it: one that reaches less goes before one that reaches more.
  targetPort,
  everyListener,
  annotationsStay,
  portsRemoved,
]

/** Puts the name of the deviation on each failure that it explains. A failure stays a failure. */
export function labelDeviations(run: RunView, findings: readonly Finding[]): Finding[] {
  if (!run.hasParameters || !findings.some((finding) => finding.outcome === 'fail')) return [...findings]
  const shown = knownDeviations.filter((deviation) => deviation.shows(run))
  return findings.map((finding) => {
    const match = shown.find((deviation) => explains(deviation, finding))
    return match ? { ...finding, deviation: match.id } : finding
  })
}

/** A verdict may name assertions of another version of weir. */
const lists = (ids: readonly AssertionId[], id: string) => ids.some((one) => one === id)

const explains = (deviation: Deviation, { id, outcome }: Finding) =>
  outcome === 'fail' && (lists(deviation.fails, id) || lists(deviation.mayFail, id))

/**
 * Whether a run deviates exactly as its scenario expects: each expected deviation is seen, with every failure that
 * belongs to it, and nothing else fails or stays open. One that it `may` show counts as expected once it is seen. Undefined when none is expected.
 */
export function compareDeviations(
  { knownDeviations: must, mayDeviate: may = [] }: Pick<Manifest, 'knownDeviations' | 'mayDeviate'>,
  findings: readonly Finding[],
): Verdict['deviations'] | undefined {
  const seen = [...new Set(findings.flatMap((finding) => finding.deviation ?? []))].sort()
  const expected = [...must, ...may.filter((id) => seen.includes(id) && !must.includes(id))]
  if (expected.length === 0) return undefined
  const wanted = [...expected].sort()
  const known = knownDeviations.filter((deviation) => expected.includes(deviation.id))
  const outcomeOf = new Map(findings.map((finding) => [finding.id, finding.outcome]))
  const asExpected =
    seen.length === wanted.length &&
    seen.every((id, i) => id === wanted[i]) &&
    known.every((deviation) => deviation.fails.every((id) => (outcomeOf.get(id) ?? 'fail') === 'fail')) &&
    findings.every((finding) => {
      if (finding.outcome === 'fail') return finding.deviation !== undefined
      if (finding.outcome === 'inconclusive') return known.some((one) => lists(one.leavesOpen, finding.id))
      return true
    })
  return { expected: wanted, seen, asExpected }
}

/** True when what was seen differs from what the scenario expects; false when it only leaves questions open. */
export function deviatesOtherwise({ deviations, findings }: Verdict): boolean {
  if (!deviations) return false
  const known = knownDeviations.filter(({ id }) => deviations.expected.includes(id))
  return (
    deviations.seen.some((id) => !deviations.expected.includes(id)) ||
    findings.some(({ outcome, deviation }) => outcome === 'fail' && deviation === undefined) ||
    findings.some(({ id, outcome }) => outcome === 'pass' && known.some(({ fails }) => lists(fails, id)))
  )
}
