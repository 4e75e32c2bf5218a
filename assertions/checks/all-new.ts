import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { endFacts } from '../evidence/end-facts.ts'
import { blindTo } from '../evidence/watches.ts'
import { atTrigger, SECOND, seconds } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** Done means: nothing old is left, everything is new, and it stays so (seed B39; contract R2). */
export const allNew: Check<'all-new'> = (run, bounds) => {
  const hold = run.parameters.holdSeconds
  const version = run.parameters.targetVersion
  const bound = `only new pods${version ? ` on ${version}` : ''}, old sets at 0, settled, held for ${hold} s`
  const { trigger, end, fleetStopping, holdEnd } = run.moments
  const open = (why: string, settle: string) => unknown({ bound, measured: 'unknown', why, settle })
  if (trigger === undefined) return open('nothing was changed', 'a run with an upgrade')
  const lastT = holdEnd ?? fleetStopping ?? end
  if (
    blindTo(run, 'pods', lastT - hold * SECOND, lastT) ||
    blindTo(run, 'sets', lastT - hold * SECOND, lastT) ||
    blindTo(run, 'cr', lastT - hold * SECOND, lastT)
  )
    return open('a watch was lost in the last part of the run', 'a run whose watches have no gap')
  const facts = endFacts(run, lastT)
  const missing = facts.filter(({ state }) => state === 'unknown')
  const broken = facts.filter(({ state }) => state === 'false')
  const complete = run.record.manifest.end?.how
  const ended = complete === 'completed' || (complete === 'failed' && !isUnderWay(run, lastT))
  if (broken.length > 0 && ended)
    return fail({
      bound,
      measured: broken.map(({ what }) => what).join('; '),
      sentence: `At the end of the run ${broken.map(({ what }) => what).join('; ')}${settledLie(run, lastT)}.`,
      evidence: broken.map(({ t, what }) => evidence('events.ndjson', t, lastT, what)),
      figures: { broken: broken.length },
    })
  if (broken.length > 0)
    return open(
      `the record ends before the upgrade did (${broken[0]?.what})`,
      'a run that goes on to its end',
    )
  if (missing.length > 0)
    return open(missing.map(({ what }) => what).join('; '), 'a run that samples membership to its end')
  const sinceT = Math.max(...facts.map(({ t }) => t))
  const held = (lastT - sinceT) / SECOND
  const figures = { heldSeconds: held, holdSeconds: hold }
  if (held >= hold - bounds.shortSeconds)
    return pass({
      bound,
      measured: `held for ${seconds(lastT - sinceT)}`,
      sentence: `From ${atTrigger(run, sinceT).replace('at ', '')} on there were only new pods${version ? ` on ${version}` : ''}, and it stayed so for ${seconds(lastT - sinceT)}.`,
      evidence: [evidence('events.ndjson', sinceT, lastT, 'pods, sets, the resource, membership')],
      figures,
    })
  const latest = facts.find(({ t }) => t === sinceT)
  const relapse =
    run.moments.upgradeDone !== undefined &&
    holdEnd !== undefined &&
    sinceT > run.moments.upgradeDone + 5 * SECOND
  if (relapse)
    return fail({
      bound,
      measured: `held for ${held.toFixed(1)} s only`,
      sentence: `The end state did not hold: only from ${atTrigger(run, sinceT).replace('at ', '')} on is it true that ${latest?.what}, which leaves ${held.toFixed(1)} s.`,
      evidence: [evidence('events.ndjson', run.moments.upgradeDone ?? sinceT, sinceT, latest?.what ?? '')],
      figures,
    })
  return {
    ...open(`the end state was seen for ${held.toFixed(1)} s only`, `a run that holds it for ${hold} s`),
    figures,
  }
}

/** A run that gave up while a node was still being evacuated never came to its end state: how long it took is judged elsewhere. */
function isUnderWay(run: RunView, lastT: number): boolean {
  const sample = run.of('evacuation').findLast(({ t }) => t <= lastT)
  const settled = run.of('cr').findLast(({ t }) => t <= lastT)?.settled ?? false
  return !settled && (sample?.evacuations.some(({ state }) => state !== 'prohibiting') ?? false)
}

/** A resource that claims the opposite is the part of it that hurts. */
function settledLie(run: RunView, lastT: number): string {
  const cr = run.of('cr').findLast(({ t }) => t <= lastT)
  return cr?.settled ? ', while the resource says that it is settled' : ''
}
