import { definitionOf, isAssertionId } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { undrainedSentence } from '../deviations/undrained-sentence.ts'
import { passSentence } from './pass-sentence.ts'
import type { Finding, Verdict } from './verdict.ts'

const rank = ({ id }: Finding) => (isAssertionId(id) ? definitionOf(id).rank : Number.POSITIVE_INFINITY)
const byTelling = (a: Finding, b: Finding) => rank(a) - rank(b)

/** The one sentence on top of every report: what happened to whom and when, or why it was fine, or why nobody knows. */
export function headlineOf(
  run: RunView | undefined,
  findings: readonly Finding[],
  deviations: Verdict['deviations'],
): string {
  if (findings.length === 0) return 'Nothing was asserted, so nothing is proved.'
  const failed = findings.filter((finding) => finding.outcome === 'fail').sort(byTelling)
  const open = findings.filter((finding) => finding.outcome === 'inconclusive').sort(byTelling)
  const [worst] = failed
  if (worst) {
    const undrained = run && failed.some(({ id }) => id === 'drained-before-delete') && undrainedSentence(run)
    const others = failed.filter((finding) => finding !== worst || undrained).map(({ id }) => id)
    return [undrained || worst.sentence, heldTo(run), also(others), expectation(deviations)]
      .filter(Boolean)
      .join(' ')
  }
  const [doubt] = open
  if (doubt) {
    const passed = findings.length - open.length
    const more = open.length > 1 ? ` (and ${open.length - 1} more)` : ''
    return `Nothing failed and ${passed} of ${findings.length} held, but ${doubt.id}${more} stays open. ${doubt.sentence}`
  }
  return [passSentence(run, findings), expectation(deviations)].filter(Boolean).join(' ')
}

/** What the resource asked for, where the run is held to something else. */
function heldTo(run: RunView | undefined): string {
  const { asked, connEvictRate } = (run?.hasParameters && run.parameters) || {}
  if (!asked) return ''
  const whose = asked.byDefault
    ? `Nothing was configured but the operator's own default of ${asked.connEvictRate}/s`
    : `The resource asks for ${asked.connEvictRate}/s`
  return `${whose}, and this run is held to ${connEvictRate}/s.`
}

function also(ids: readonly string[]): string {
  if (ids.length === 0) return ''
  const shown = ids.slice(0, 5).join(', ')
  return ids.length > 5 ? `Failed: ${shown} and ${ids.length - 5} more.` : `Failed: ${shown}.`
}

function expectation(deviations: Verdict['deviations']): string {
  if (!deviations) return ''
  return deviations.asExpected
    ? `This is the known deviation ${deviations.expected.join(', ')}, as the scenario expects.`
    : `The scenario expects the deviation ${deviations.expected.join(', ')}, and this run does not deviate exactly so.`
}
