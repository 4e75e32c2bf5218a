import type { Disagreement } from '../evidence/gauge-disagreement.ts'
import { MESSAGES } from '../messages/index.ts'
import type { Finding } from './verdict.ts'

const text = MESSAGES.sources

/** Seconds between two scrapes of one pod, by source. */
export interface Intervals {
  own: number
  other: number
}

/**
 * The verdict of two sources of the same gauges. What one of them cannot show, the other may. Where one says that it failed and the other
 * that it held, the one that looked more often is believed, unless their values disagree: then which of them is right is not known.
 */
export function compared(
  own: Finding,
  other: Finding,
  every: Intervals,
  disagreement: Disagreement | undefined,
): Finding {
  const both = {
    ...own,
    evidence: [...own.evidence, ...other.evidence.filter(({ file }) => file === 'prometheus.ndjson')],
    figures: figuresOf(own, other, every.other),
  }
  const add = (sentence: string): Finding => ({ ...both, sentence: `${own.sentence} ${sentence}` })
  if (own.outcome === other.outcome)
    return add(text.same({ every: every.other, isOpen: own.outcome === 'inconclusive' }))
  if (other.outcome === 'inconclusive') return add(text.otherOpen({ every: every.other, why: whyOf(other) }))
  if (own.outcome === 'inconclusive')
    return asOtherSays(both, other, text.ownOpen({ every: every.other, why: whyOf(own) }))
  if (disagreement)
    return {
      ...both,
      outcome: 'inconclusive',
      sentence: MESSAGES.verdict.inconclusive({
        why: text.disagree({
          ...disagreement,
          holds: own.outcome === 'pass',
          sentence: trimmed(own),
          otherSentence: trimmed(other),
        }),
      }),
      settle: text.disagreeSettle,
    }
  if (every.other < every.own)
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
  sentence: `${finding.sentence} ${text.alone({ every, isOpen: finding.outcome === 'inconclusive' })}`,
  figures: { ...finding.figures, prometheusEverySeconds: every },
})

/** A finding for which the Prometheus that was to be read shows nothing. `isOnly`: nothing else was to show gauges. */
export function withoutPrometheus(finding: Finding, why: string, isOnly: boolean): Finding {
  if (!isOnly) return { ...finding, sentence: `${finding.sentence} ${text.unread({ why })}` }
  if (finding.outcome !== 'inconclusive') return finding
  const sentence = MESSAGES.verdict.inconclusive({ why: text.nothingElse({ why }) })
  return { ...finding, sentence, settle: text.nothingElseSettle }
}

function asOtherSays(both: Finding, other: Finding, sentence: string): Finding {
  const { settle: _, ...rest } = both
  const { outcome, bound, measured, despiteHarness } = other
  return {
    ...{ ...rest, outcome, bound, measured, sentence: `${other.sentence} ${sentence}` },
    ...(despiteHarness && { despiteHarness }),
  }
}

const figuresOf = (own: Finding, other: Finding, every: number): Finding['figures'] => ({
  ...own.figures,
  prometheus: other.outcome,
  prometheusMeasured: other.measured,
  prometheusEverySeconds: every,
})

/** The clause of "Inconclusive: …." */
const whyOf = ({ sentence }: Finding) => trimmed({ sentence }).replace(/^Inconclusive: /, '')

/** A sentence within another. */
const trimmed = ({ sentence }: Pick<Finding, 'sentence'>) => sentence.replace(/\.$/, '')
