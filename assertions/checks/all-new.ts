import { tagOf } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endFacts } from '../evidence/end-facts.ts'
import { servingNodes } from '../evidence/new-set.ts'
import { ranOut } from '../evidence/observed.ts'
import { takenBackTo, targetVersionOf } from '../evidence/target-version.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['all-new']
const { settle, shared } = MESSAGES

/** Done means: nothing old is left, everything is new, and it stays so (docs/contract/upgrade.md#completion). */
export const allNew: Check<'all-new'> = (run, bounds) => {
  const hold = run.parameters.holdSeconds
  const { trigger, end, fleetStopping, holdEnd } = run.moments
  const lastT = holdEnd ?? fleetStopping ?? end
  const version = targetVersionOf(run, lastT)
  const bound = text.bound({ version, holdSeconds: hold })
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  if (trigger === undefined) return open(text.noChange, settle.upgrade)
  const back = takenBackTo(run, lastT)
  // Where clients had moved already, the version from before runs in new pods, and the update has an end as any other.
  const isInNewPods = servingNodes(run, 'new').some((node) => tagOf(run.nodes[node]?.image ?? '') === back)
  if (back !== undefined && !isInNewPods) return open(shared.takenBack({ version: back }), settle.upgrade)
  if (
    blindTo(run, 'pods', lastT - hold * SECOND, lastT) ||
    blindTo(run, 'sets', lastT - hold * SECOND, lastT) ||
    blindTo(run, 'cr', lastT - hold * SECOND, lastT)
  )
    return open(text.blind, settle.watches)
  const facts = endFacts(run, lastT, bounds.staleSeconds * SECOND)
  const missing = facts.filter(({ state }) => state === 'unknown')
  const broken = facts.filter(({ state }) => state === 'false')
  const whats = broken.map(({ what }) => what)
  const complete = run.record.manifest.end?.how
  const ended = complete === 'completed' || (complete === 'failed' && !isUnderWay(run, lastT))
  if (broken.length > 0 && ended && !ranOut(run))
    return fail({
      bound,
      measured: text.facts({ facts: whats }),
      sentence: text.broken({ facts: whats, isSettled: isSettled(run, lastT) }),
      evidence: broken.map(({ t, what }) => evidence('events.ndjson', t, lastT, what)),
      figures: { broken: broken.length },
    })
  if (broken.length > 0) return open(text.unfinished({ fact: whats[0] ?? '' }), settle.wholeRun)
  if (missing.length > 0)
    return open(text.facts({ facts: missing.map(({ what }) => what) }), text.missingSettle)
  const sinceT = Math.max(...facts.map(({ t }) => t))
  const held = (lastT - sinceT) / SECOND
  const figures = { heldSeconds: held, holdSeconds: hold }
  if (held >= hold - bounds.shortSeconds)
    return pass({
      bound,
      measured: text.measured({ ns: lastT - sinceT }),
      sentence: text.held({ at: moment(run, sinceT), version, ns: lastT - sinceT }),
      evidence: [evidence('events.ndjson', sinceT, lastT, text.seen)],
      figures,
    })
  const latest = facts.find(({ t }) => t === sinceT)
  // What was not looked at meanwhile may have held all the time.
  const brokenT = Math.max(...facts.map(({ t, notBeforeT }) => notBeforeT ?? t))
  const relapse =
    run.moments.changeDone !== undefined &&
    holdEnd !== undefined &&
    brokenT > run.moments.changeDone + 5 * SECOND
  if (relapse)
    return fail({
      bound,
      measured: text.measuredRelapse({ held }),
      sentence: text.relapse({ at: moment(run, sinceT), fact: latest?.what ?? '', held }),
      evidence: [evidence('events.ndjson', run.moments.changeDone ?? sinceT, sinceT, latest?.what ?? '')],
      figures,
    })
  return {
    ...open(text.shortHold({ held }), text.shortHoldSettle({ holdSeconds: hold })),
    figures,
  }
}

/** A run that gave up during an evacuation never reached its end state; `duration` judges that. */
function isUnderWay(run: RunView, lastT: number): boolean {
  const sample = run.of('evacuation').findLast(({ t }) => t <= lastT)
  return !isSettled(run, lastT) && (sample?.evacuations.some(({ state }) => state !== 'prohibiting') ?? false)
}

const isSettled = (run: RunView, lastT: number): boolean =>
  run.of('cr').findLast(({ t }) => t <= lastT)?.settled ?? false
