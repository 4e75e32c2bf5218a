import { definitionOf, isAssertionId } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { undrainedSentence } from '../deviations/undrained-sentence.ts'
import { blockerOf } from '../evidence/blocker.ts'
import { crashesOf, droppedBy } from '../evidence/crashes.ts'
import { moment, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { whyCut } from './downgrade.ts'
import { lossWords } from './lost-pods.ts'
import { processEndOf } from './own-ending.ts'
import type { Finding, Verdict } from './verdict.ts'

const text = MESSAGES.verdict

const rank = ({ id }: Finding) => (isAssertionId(id) ? definitionOf(id).rank : Number.POSITIVE_INFINITY)
const byRank = (a: Finding, b: Finding) => rank(a) - rank(b)

/**
 * The sentence at the top of every report: what happened, why all is well, or what is unknown. A process of weir's that died comes
 * first: it explains what follows.
 */
export function headlineOf(
  run: RunView | undefined,
  findings: readonly Finding[],
  deviations: Verdict['deviations'],
): string {
  const died = run && processEndOf(run.record)
  const losses = run ? lossWords(run) : []
  const rest = sentenceOf(run, findings, deviations)
  const sentence = losses.length > 0 ? `${text.podsLost({ losses })} ${rest}` : rest
  return died ? `${text.processEnded({ how: died.how, at: moment(run, died.t) })} ${sentence}` : sentence
}

function sentenceOf(
  run: RunView | undefined,
  findings: readonly Finding[],
  deviations: Verdict['deviations'],
): string {
  if (findings.length === 0) return text.nothingAsserted
  const failed = findings.filter((finding) => finding.outcome === 'fail').sort(byRank)
  const open = findings.filter((finding) => finding.outcome === 'inconclusive').sort(byRank)
  const stuck = run && blockerOf(run, run.moments.fleetStopping ?? run.moments.end)
  const blocked = stuck ? text.blocked(stuck) : ''
  const [worst] = failed
  if (worst) {
    const undrained = run && failed.some(({ id }) => id === 'drained-before-delete') && undrainedSentence(run)
    const others = failed.filter((finding) => finding !== worst || undrained).map(({ id }) => id)
    return [
      blocked,
      crashed(run),
      undrained || worst.sentence,
      requested(run),
      also(others),
      expectation(deviations),
    ]
      .filter(Boolean)
      .join(' ')
  }
  const [doubt] = open
  if (doubt) {
    const passed = findings.length - open.length
    const found = text.open({
      passed,
      all: findings.length,
      id: doubt.id,
      others: open.length - 1,
      sentence: doubt.sentence,
    })
    const cut = run && whyCut(run)
    const broken = cut && !found.includes(cut) ? text.brokenOff({ why: cut }) : ''
    return [blocked, broken, found].filter(Boolean).join(' ')
  }
  return [passSentence(run, findings), expectation(deviations)].filter(Boolean).join(' ')
}

/** What a run that passed has shown, in figures to compare with the scenario. */
function passSentence(run: RunView | undefined, findings: readonly Finding[]): string {
  const assertions = findings.length
  const isRateJudged = findings.some(({ id }) => id === 'eviction-envelope')
  if (!run?.hasParameters || run.evictions.length === 0 || !isRateJudged)
    return [operationSentence(findings), text.allHeld({ assertions })].filter(Boolean).join(' ')
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

/** A node that ended by itself, with clients on it, is the cause that everything else follows from. */
function crashed(run: RunView | undefined): string {
  if (!run) return ''
  const dropped = crashesOf(run).map((crash) => ({ crash, clients: droppedBy(run, crash) }))
  const [worst] = dropped.filter(({ clients }) => clients > 0).sort((a, b) => b.clients - a.clients)
  if (!worst) return ''
  const { crash, clients } = worst
  return text.crashed({ ...crash, node: shortName(run, crash.node), at: moment(run, crash.t), clients })
}

const also = (ids: readonly string[]) => (ids.length === 0 ? '' : text.alsoFailed({ ids }))

function expectation(deviations: Verdict['deviations']): string {
  if (!deviations) return ''
  const { asExpected, expected: ids } = deviations
  return asExpected ? text.deviatesAsExpected({ ids }) : text.deviatesOtherwise({ ids })
}
