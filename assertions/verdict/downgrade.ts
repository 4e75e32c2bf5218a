import { type Definition, definitionOf, isAssertionId, type ParameterName } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { longestPathStall } from '../evidence/path-stall.ts'
import { STALL_REACH_NS } from '../evidence/stall.ts'
import { moment } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import type { Reading } from './readings.ts'
import type { Repaired } from './repaired-history.ts'
import { scrapesEndT } from './truncation.ts'
import type { Finding } from './verdict.ts'

const text = MESSAGES.verdict
const { settle } = MESSAGES

const definition = ({ id }: Finding): Definition | undefined =>
  isAssertionId(id) ? definitionOf(id) : undefined

/**
 * A slow harness records events late and bunched, so its rates and times prove nothing: a stall can make a storm out of
 * a trickle. Failures that no stall explains stand (`despiteHarness`).
 */
export function downgradeIfUnhealthy(finding: Finding, health: Finding | undefined): Finding {
  if (!health || health.outcome === 'pass' || !definition(finding)?.needsHealthyHarness) return finding
  if (finding.id === health.id || finding.outcome === 'inconclusive') return finding
  if (finding.outcome === 'fail' && finding.despiteHarness) return finding
  const why = text.unhealthy({ isPass: finding.outcome === 'pass', sentence: trimmed(finding) })
  return inconclusive(finding, why, settle.lessLoad)
}

/** While the path to the whole cluster stood still, nothing that weir saw says how long it took. */
export function downgradeIfStalled(view: RunView, finding: Finding): Finding {
  if (finding.outcome !== 'fail' || finding.despiteHarness || !definition(finding)?.needsHealthyHarness)
    return finding
  const stalls = finding.evidence.map(({ fromT, toT }) => longestPathStall(view, fromT - STALL_REACH_NS, toT))
  const ns = Math.max(0, ...stalls)
  if (ns === 0) return finding
  return inconclusive(finding, text.stalled({ ns, sentence: trimmed(finding) }), settle.lessLoad)
}

/** A bound made of what was seen in the same run proves nothing. */
export function downgradeIfUnsaid(finding: Finding, missing: readonly ParameterName[]): Finding {
  if (finding.outcome === 'inconclusive') return finding
  const why = text.unsaid({ names: missing.map((name) => text.parameter[name]), sentence: trimmed(finding) })
  return inconclusive(finding, why, text.unsaidSettle({ options: missing.map((name) => text.option[name]) }))
}

/** Gauges whose scrapes end before the run does show only part of it. */
export function downgradeIfUnscraped(view: RunView, finding: Finding): Finding {
  if (finding.outcome !== 'pass' || !definition(finding)?.needs.includes('gauges')) return finding
  const untilT = scrapesEndT(view.record)
  if (untilT === undefined) return finding
  return inconclusive(
    finding,
    text.scrapesEnd({ at: moment(view, untilT), sentence: trimmed(finding) }),
    settle.wholeRun,
  )
}

/** A failure that is none in another reading of the same record is not proved. */
export function downgradeIfReadOtherwise(
  finding: Finding,
  again: Finding,
  { why, settle: resolve }: Reading,
): Finding {
  if (again.outcome === 'fail') return finding
  return inconclusive(finding, text.otherwise({ why, sentence: trimmed(finding) }), resolve)
}

/** A failure that disappears when the missing rows are filled in proves nothing. */
export function downgradeIfTorn(finding: Finding, again: Finding, { missing, example }: Repaired): Finding {
  if (again.outcome === 'fail' && !definition(finding)?.needsWholeHistories) return finding
  return inconclusive(
    finding,
    text.missingRows({ missing, example, sentence: trimmed(finding) }),
    settle.noMissingEvents,
  )
}

/** A record that contradicts itself proves nothing. */
export function downgradeIfContradicted(finding: Finding, why: string | undefined): Finding {
  if (why === undefined || finding.outcome === 'inconclusive' || finding.id === 'harness-healthy')
    return finding
  return inconclusive(finding, text.contradiction({ why }), settle.noMissingEvents)
}

/** A run that ended before the change proves nothing about it. */
export function downgradeIfUnchanged(view: RunView, finding: Finding): Finding {
  const { end } = view.record.manifest
  if (view.moments.trigger !== undefined || end?.how === 'completed' || finding.outcome === 'inconclusive')
    return finding
  if (finding.id === 'harness-healthy' || (finding.outcome === 'fail' && definition(finding)?.needsNoChange))
    return finding
  return inconclusive(finding, text.noChange, text.noChangeSettle)
}

/** What needs the whole fleet proves nothing once a part of it is unknown. */
export const downgradeForLoss = (finding: Finding, why: string): Finding =>
  inconclusive(finding, why, text.podLostSettle)

/** A run that was cut off before the end of the upgrade shows only what holds so far. */
export function downgradeIfCut(view: RunView, finding: Finding): Finding {
  if (finding.outcome !== 'pass' || finding.id === 'harness-healthy') return finding
  // Logs are a witness beside others: what is missing of them takes nothing from what these show.
  const damage = view.record.damage.find(({ file }) => file !== 'logs.ndjson')
  const why = whyCut(view) ?? (damage && text.damaged({ what: damage.what }))
  if (why === undefined) return finding
  return inconclusive(finding, text.cut({ why, sentence: trimmed(finding) }), settle.wholeRun)
}

/** Why the record does not reach the end of the upgrade, as a clause; undefined when it does. */
export function whyCut({ record, moments }: RunView): string | undefined {
  const { end } = record.manifest
  const isCut = end?.how !== 'completed' && moments.trigger !== undefined && moments.changeDone === undefined
  if (!isCut) return undefined
  if (end) return text.ended({ isInterrupted: end.how === 'interrupted', reason: end.reason })
  const [damage] = record.damage
  return damage ? text.truncated(damage) : text.killed
}

const inconclusive = (finding: Finding, why: string, settle: string): Finding => ({
  ...finding,
  outcome: 'inconclusive',
  sentence: text.inconclusive({ why }),
  settle,
})

/** A sentence at the end of another. */
export const trimmed = (finding: Pick<Finding, 'sentence'>) => text.clause(finding)
