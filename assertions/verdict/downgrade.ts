import { type Definition, definitionOf, isAssertionId } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Repaired } from './repaired-history.ts'
import type { Finding } from './verdict.ts'

const definition = ({ id }: Finding): Definition | undefined =>
  isAssertionId(id) ? definitionOf(id) : undefined

/**
 * A slow harness sees things late and bunched, so what it says about rates and times proves nothing, neither way:
 * a stall can make a storm out of a trickle. Failures that no stall explains stand (`despiteHarness`).
 */
export function downgradeIfUnhealthy(finding: Finding, health: Finding | undefined): Finding {
  if (!health || health.outcome === 'pass' || !definition(finding)?.needsHealthyHarness) return finding
  if (finding.id === health.id || finding.outcome === 'inconclusive') return finding
  if (finding.outcome === 'fail' && finding.despiteHarness) return finding
  const seen =
    finding.outcome === 'pass' ? 'it held as far as the record shows' : 'as recorded it did not hold'
  return {
    ...finding,
    outcome: 'inconclusive',
    sentence: `Inconclusive: the load-generator host did not keep up; ${seen}: ${finding.sentence}`,
    settle: 'rerun on a less loaded machine',
  }
}

/** A failure that need not be one once the missing rows are filled in is no proof. */
export function downgradeIfTorn(finding: Finding, again: Finding, { missing, example }: Repaired): Finding {
  if (again.outcome === 'fail' && !definition(finding)?.needsWholeHistories) return finding
  return {
    ...finding,
    outcome: 'inconclusive',
    sentence: `Inconclusive: ${missing} client events are missing (${example}), which may explain the failure. As recorded: ${finding.sentence}`,
    settle: 'a record without missing client events',
  }
}

/** Facts that contradict each other prove nothing about who did what. */
export function downgradeIfContradicted(finding: Finding, why: string | undefined): Finding {
  if (why === undefined || finding.outcome === 'inconclusive' || finding.id === 'harness-healthy')
    return finding
  return {
    ...finding,
    outcome: 'inconclusive',
    sentence: `Inconclusive: the record contradicts itself: ${why}.`,
    settle: 'a record without missing events',
  }
}

/** A run that ended before anything was changed says nothing about a change: a cluster that starts up owes no promise. */
export function downgradeIfUnchanged(view: RunView, finding: Finding): Finding {
  const { end } = view.record.manifest
  if (view.moments.trigger !== undefined || end?.how === 'completed' || finding.outcome === 'inconclusive')
    return finding
  if (finding.id === 'harness-healthy') return finding
  return {
    ...finding,
    outcome: 'inconclusive',
    sentence: 'Inconclusive: the run ended before anything was changed.',
    settle: 'a run that gets as far as its change',
  }
}

/** A run that was cut off before the upgrade had ended has shown only what holds so far. */
export function downgradeIfCut(view: RunView, finding: Finding): Finding {
  const { end } = view.record.manifest
  const { trigger, upgradeDone } = view.moments
  const cut = end?.how !== 'completed' && trigger !== undefined && upgradeDone === undefined
  const torn = view.record.damage.length > 0
  if (finding.outcome !== 'pass' || finding.id === 'harness-healthy' || !(cut || torn)) return finding
  const [damage] = view.record.damage
  const why =
    damage && !end && cut ? brokenOff(damage) : cut ? endOf(end) : `the record is damaged (${damage?.what})`
  return {
    ...finding,
    outcome: 'inconclusive',
    sentence: `It held as far as the record goes, but ${why}. So far: ${finding.sentence}`,
    settle: 'a run that is recorded to its end',
  }
}

function brokenOff({ file, what }: RunView['record']['damage'][number]): string {
  return `the record breaks off before the upgrade had ended (${file}: ${what})`
}

function endOf(end: RunView['record']['manifest']['end']): string {
  if (!end) return 'the run was killed before the upgrade had ended'
  const how = end.how === 'interrupted' ? 'was interrupted' : 'failed'
  return `the run ${how} before the upgrade had ended${end.reason ? ` (${end.reason})` : ''}`
}
