import type { Scrape } from '#weir/facts/index.ts'
import type { Disagreement } from '../evidence/gauge-disagreement.ts'
import { MESSAGES } from '../messages/index.ts'
import { trimmed } from './downgrade.ts'
import type { Finding } from './verdict.ts'

const text = MESSAGES.sources

const sentences = (parts: readonly string[]) => MESSAGES.verdict.sentences(parts)

/** What a source of gauges has: its scrapes, and the seconds between two of them of one pod. */
interface Source {
  every: number
  scrapes: readonly Scrape[]
}

export interface Sources {
  own: Source
  other: Source
}

/** A longer pause between two scrapes is a gap, in intervals. */
const GAP = 2.5

/**
 * The verdict of two sources of the same gauges. What one of them cannot show, the other may. Where one says that it failed and the other
 * that it held, the one that looked more often is believed, unless their values disagree, or the one that is to disprove the failure has
 * no readings of that time: then which of them is right is not known.
 */
export function compared(
  own: Finding,
  other: Finding,
  { own: ownSource, other: otherSource }: Sources,
  disagreement: Disagreement | undefined,
): Finding {
  const every = { own: ownSource.every, other: otherSource.every }
  const both = {
    ...own,
    evidence: [...own.evidence, ...other.evidence.filter(({ file }) => file === 'prometheus.ndjson')],
    figures: figuresOf(own, other, every.other),
  }
  const add = (sentence: string): Finding => ({ ...both, sentence: sentences([own.sentence, sentence]) })
  if (own.outcome === other.outcome)
    return add(text.same({ every: every.other, isOpen: own.outcome === 'inconclusive' }))
  if (other.outcome === 'inconclusive')
    return add(text.otherOpen({ every: every.other, why: MESSAGES.verdict.whyInconclusive(other) }))
  if (own.outcome === 'inconclusive')
    return asOtherSays(
      both,
      other,
      text.ownOpen({ every: every.other, why: MESSAGES.verdict.whyInconclusive(own) }),
    )
  if (disagreement)
    return open(
      both,
      text.disagree({
        ...disagreement,
        holds: own.outcome === 'pass',
        sentence: trimmed(own),
        otherSentence: trimmed(other),
      }),
      text.disagreeSettle,
    )
  const isFiner = every.other < every.own
  if (other.outcome === 'fail' && !isFiner && !hasSeen(ownSource, other, otherSource))
    return open(both, text.ownBlind({ every: every.other, sentence: trimmed(other) }), text.blindSettle)
  if (own.outcome === 'fail' && isFiner && !hasSeen(otherSource, own, ownSource))
    return open(both, text.otherBlind({ every: every.other, sentence: trimmed(own) }), text.blindSettle)
  if (isFiner)
    return asOtherSays(
      both,
      other,
      text.finer({
        ...{ every: every.other, ownEvery: every.own },
        holds: own.outcome === 'pass',
        sentence: own.sentence,
      }),
    )
  return add(text.coarser({ every: every.other, holds: other.outcome === 'pass', sentence: other.sentence }))
}

/** A finding of the scrapes of a Prometheus: its evidence lies in their own file. */
export const inPrometheusFile = (finding: Finding): Finding => ({
  ...finding,
  evidence: finding.evidence.map((one) =>
    one.file === 'metrics.ndjson' ? { ...one, file: 'prometheus.ndjson' } : one,
  ),
})

/** A finding that rests on the Prometheus, because weir scraped nothing. */
export const byPrometheusAlone = (finding: Finding, every: number): Finding => ({
  ...finding,
  sentence: sentences([finding.sentence, text.alone({ every, isOpen: finding.outcome === 'inconclusive' })]),
  figures: { ...finding.figures, prometheusEverySeconds: every },
})

/** A finding for which the Prometheus that was to be read shows nothing. `isOnly`: nothing else was to show gauges. */
export function withoutPrometheus(finding: Finding, why: string, isOnly: boolean): Finding {
  if (!isOnly) return { ...finding, sentence: sentences([finding.sentence, text.unread({ why })]) }
  if (finding.outcome !== 'inconclusive') return finding
  const sentence = MESSAGES.verdict.inconclusive({ why: text.nothingElse({ why }) })
  return { ...finding, sentence, settle: text.nothingElseSettle }
}

function asOtherSays(both: Finding, other: Finding, sentence: string): Finding {
  const { outcome, bound, measured, despiteHarness, deviation } = other
  return {
    ...{ ...unlabelled(both), outcome, bound, measured, sentence: sentences([other.sentence, sentence]) },
    ...(despiteHarness && { despiteHarness }),
    ...(deviation !== undefined && { deviation }),
  }
}

const open = (both: Finding, why: string, settle: string): Finding => ({
  ...unlabelled(both),
  outcome: 'inconclusive',
  sentence: MESSAGES.verdict.inconclusive({ why }),
  settle,
})

/** Without what belongs to one outcome only. */
function unlabelled(finding: Finding): Finding {
  const { settle: _, despiteHarness: __, deviation: ___, ...rest } = finding
  return rest
}

/**
 * Whether a source could have seen what another says has failed: within the evidence it has readings, without a gap, of each pod that the
 * other read then.
 */
function hasSeen({ scrapes, every }: Source, { evidence }: Finding, failing: Source): boolean {
  const gauges = evidence.filter(({ file }) => file === 'metrics.ndjson' || file === 'prometheus.ndjson')
  const spans = gauges.length > 0 ? gauges : evidence
  return (
    spans.length > 0 &&
    spans.every(({ fromT, toT }) => {
      const failed = readingsWithin(failing.scrapes, fromT, toT)
      const seen = readingsWithin(scrapes, fromT, toT)
      const covers = ([pod, times]: [string, number[]]) => {
        const found = seen.get(pod) ?? []
        const [first, last] = [times[0]!, times.at(-1)!]
        const around = [first, ...found.filter((t) => t > first && t < last), last]
        return found.length > 0 && around.every((t, i) => i === 0 || t - around[i - 1]! <= GAP * every * 1e9)
      }
      return failed.size > 0 && [...failed].every(covers)
    })
  )
}

/** The times of the successful scrapes of each pod, ascending. */
function readingsWithin(scrapes: readonly Scrape[], fromT: number, toT: number): Map<string, number[]> {
  const times = new Map<string, number[]>()
  for (const { ok, pod, t } of scrapes)
    if (ok && t >= fromT && t <= toT) times.set(pod, [...(times.get(pod) ?? []), t])
  for (const one of times.values()) one.sort((a, b) => a - b)
  return times
}

const figuresOf = (own: Finding, other: Finding, every: number): Finding['figures'] => ({
  ...own.figures,
  prometheus: other.outcome,
  prometheusMeasured: other.measured,
  prometheusEverySeconds: every,
})
