import { definitionOf, isAssertionId } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { undrainedSentence } from '../deviations/undrained-sentence.ts'
import { blockerOf } from '../evidence/blocker.ts'
import { MESSAGES } from '../messages/index.ts'
import { earlyEndOf } from './causes/index.ts'
import { crashSentence } from './crash-sentence.ts'
import { lossWords } from './lost-pods.ts'
import type { Finding, Verdict } from './verdict.ts'

const text = MESSAGES.verdict

const rank = ({ id }: Finding) => (isAssertionId(id) ? definitionOf(id).rank : Number.POSITIVE_INFINITY)
const byRank = (a: Finding, b: Finding) => rank(a) - rank(b)

/** Causes whose sentence says what happened better than that of any one failure. */
const TOLD_BY_CAUSE: readonly string[] = ['node-deleted', 'node-evicted-at-once']

/** What a headline is made of. */
type Judged = Pick<Verdict, 'findings' | 'deviations' | 'causes'>

/**
 * The sentence at the top of every report: why the run ended early, if it did; then what happened and why, why all is well, or what is
 * unknown.
 */
export function headlineOf(run: RunView | undefined, judged: Judged): string {
  const ending = run && earlyEndOf(run)
  const losses = run ? lossWords(run) : []
  const sentences = [
    ...(ending ? [ending.title] : []),
    ...(losses.length > 0 ? [text.podsLost({ losses })] : []),
  ]
  return text.sentences([...sentences, sentenceOf(run, judged, sentences)])
}

/** Those of the sentences that there are. */
const joined = (sentences: readonly (string | undefined | false)[]) =>
  text.sentences(sentences.filter((one) => typeof one === 'string' && one !== '') as string[])

/** `said`: the sentences before it. */
function sentenceOf(
  run: RunView | undefined,
  { findings, deviations, causes }: Judged,
  said: readonly string[],
): string {
  if (findings.length === 0) return text.nothingAsserted
  const failed = findings.filter((finding) => finding.outcome === 'fail').sort(byRank)
  const open = findings.filter((finding) => finding.outcome === 'inconclusive').sort(byRank)
  const stuck = run && blockerOf(run, run.moments.fleetStopping ?? run.moments.end)
  const blocked = stuck ? text.blocked(stuck) : ''
  const causeOf = ({ id }: Finding) => causes.find((cause) => cause.findings.includes(id))
  const [worst] = failed
  if (worst) {
    const cause = causeOf(worst)
    const undrained = run && failed.some(({ id }) => id === 'drained-before-delete') && undrainedSentence(run)
    const dropped = undrained || (cause && TOLD_BY_CAUSE.includes(cause.id) && cause.title)
    const told = dropped || worst.sentence
    const others = failed.filter((finding) => finding !== worst || dropped).map(({ id }) => id)
    const parts = [
      said.includes(blocked) ? '' : blocked,
      run && crashSentence(run),
      told,
      requested(run),
      also(others),
    ]
    const isTold = !cause || deviations !== undefined || parts.includes(cause.title)
    return joined([...parts, isTold ? '' : MESSAGES.causes.of(cause), expectation(deviations)])
  }
  const [doubt] = open
  if (doubt) {
    const passed = findings.length - open.length
    const cause = causeOf(doubt)
    if (cause)
      return joined([
        said.includes(cause.title) ? '' : cause.title,
        MESSAGES.causes.openBecause({
          passed,
          all: findings.length,
          open: cause.findings.length,
          others: open.length - cause.findings.length,
        }),
      ])
    const found = text.open({
      passed,
      all: findings.length,
      id: doubt.id,
      others: open.length - 1,
      sentence: doubt.sentence,
    })
    return joined([said.includes(blocked) ? '' : blocked, found])
  }
  return joined([passSentence(run, findings), expectation(deviations)])
}

/** What a run that passed has shown, in figures to compare with the scenario. */
function passSentence(run: RunView | undefined, findings: readonly Finding[]): string {
  const assertions = findings.length
  const isRateJudged = findings.some(({ id }) => id === 'eviction-envelope')
  if (!run?.hasParameters || run.evictions.length === 0 || !isRateJudged)
    return joined([operationSentence(findings), text.allHeld({ assertions })])
  const { evictions, moments, parameters } = run
  const first = evictions.t[0] ?? 0
  const last = evictions.t[evictions.length - 1] ?? 0
  const old = run.nodes.filter((node) => node.side === 'old').length
  const fresh = run.nodes.filter((node) => node.side === 'new').length
  const took =
    moments.trigger === undefined || moments.changeDone === undefined
      ? last - first
      : moments.changeDone - moments.trigger
  return text.passed({
    evictions: evictions.length,
    clients: new Set(evictions.client.subarray(0, evictions.length)).size,
    oldNodes: old,
    newNodes: fresh,
    leftNodes: run.nodes.filter(({ deletingT }) => deletingT !== undefined).length,
    tookNs: took,
    rate: parameters.connEvictRate,
    assertions,
  })
}

/** What the first assertion of an operation has seen. */
function operationSentence(findings: readonly Finding[]): string | undefined {
  const ofOperation = findings.filter(({ id }) => isAssertionId(id) && definitionOf(id).ofOperations)
  return ofOperation.sort(byRank)[0]?.sentence
}

/** What the resource requests, where the run is judged by something else. */
function requested(run: RunView | undefined): string {
  const { asked, connEvictRate } = (run?.hasParameters && run.parameters) || {}
  if (!asked || connEvictRate === undefined) return ''
  return text.requested({
    byDefault: asked.byDefault ?? false,
    requested: asked.connEvictRate,
    judged: connEvictRate,
  })
}

const also = (ids: readonly string[]) => (ids.length === 0 ? '' : text.alsoFailed({ ids }))

function expectation(deviations: Verdict['deviations']): string {
  if (!deviations) return ''
  const { asExpected, expected: ids } = deviations
  return asExpected ? text.deviatesAsExpected({ ids }) : text.deviatesOtherwise({ ids })
}
