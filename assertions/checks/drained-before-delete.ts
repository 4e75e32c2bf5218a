import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { DRAINED_BOUND } from '../evidence/bound-texts.ts'
import { drainedByScrapes } from '../evidence/drained-by-scrapes.ts'
import { DELETION_LAG_NS } from '../evidence/handover.ts'
import { lastKnown } from '../evidence/last-known.ts'
import { askedOf } from '../evidence/requested.ts'
import { openAt, takeoverSeconds } from '../evidence/tracks.ts'
import { atTrigger, count, SECOND, shortName } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** A pod that is deleted with clients on it drops them all at once, whatever rate was configured (seed B40). */
export const drainedBeforeDelete: Check<'drained-before-delete'> = (run, bounds) => {
  if (run.of('pod').length === 0 && run.connections.length === 0)
    return drainedByScrapes(run, bounds.gaugeNoise ?? 5)
  const until = run.moments.fleetStopping ?? run.moments.end
  const deleted = run.nodes.flatMap((node, index) => {
    const t = node.deletingT ?? node.deletedT
    return t !== undefined && t < until && t >= (run.moments.trigger ?? 0) ? [{ node: index, t }] : []
  })
  if (deleted.length === 0)
    return unknown({
      bound: DRAINED_BOUND,
      measured: 'no pod was deleted',
      why: 'no pod was deleted while the run was watched',
      settle: 'a run that goes on until the old pods are deleted',
    })
  const said = deleted.map(({ node, t }) => examine(run, node, t))
  const failed = said.filter(({ outcome }) => outcome === 'fail')
  const doubt = said.find(({ outcome }) => outcome === 'inconclusive')
  if (failed.length > 0) return worst(failed, deleted.length)
  if (doubt) return doubt
  const sessions = sessionsLeft(said)
  return pass({
    bound: DRAINED_BOUND,
    measured: `${count(deleted.length, 'pod')}, each with 0 connections${sessions === null ? '' : ' and 0 sessions'}`,
    sentence: `${count(deleted.length, 'pod')} were deleted, each after its last connection${sessions === null ? '' : ' and session'} had gone.`,
    evidence: said.flatMap((one) => one.evidence),
    figures: { podsDeleted: deleted.length, connectionsLeft: 0, sessionsLeft: sessions },
  })
}

function worst(failed: AssertionResult[], deleted: number): AssertionResult {
  const left = (said: AssertionResult) => Number(said.figures.connectionsLeft ?? 0)
  const [first, ...others] = [...failed].sort((a, b) => left(b) - left(a))
  if (!first) throw new Error('no failure to report')
  return {
    ...first,
    sentence:
      others.length > 0
        ? `${first.sentence} ${count(others.length, 'other pod')} of ${deleted} went the same way.`
        : first.sentence,
    evidence: failed.flatMap((one) => one.evidence),
    figures: {
      podsDeleted: deleted,
      podsUndrained: failed.length,
      connectionsLeft: failed.reduce((sum, one) => sum + left(one), 0),
      sessionsLeft: sessionsLeft(failed),
    },
  }
}

/** Of all pods together; null when of one of them nobody knows. */
function sessionsLeft(said: AssertionResult[]): number | null {
  const each = said.map(({ figures }) => figures.sessionsLeft)
  return each.every((one) => typeof one === 'number') ? each.reduce((sum, one) => sum + one, 0) : null
}

function examine(run: RunView, node: number, t: number): AssertionResult {
  const name = shortName(run, node)
  const lag = Math.min(DELETION_LAG_NS, (takeoverSeconds(run) / 2) * SECOND)
  const open = openAt(run, node, t - lag)
  const known = lastKnown(run, node, t)
  if (open > 0 && known?.connected === 0 && open <= 3)
    return unknown({
      bound: DRAINED_BOUND,
      measured: `${name}: ${open} by the clients, 0 by EMQX`,
      why: `${count(open, 'client')} of ${name} never noted an end, while EMQX counted none there`,
      settle: 'a record without missing client events',
    })
  if (open > 0)
    return fail({
      bound: DRAINED_BOUND,
      measured: `${name}: ${count(open, 'connection')}`,
      sentence: `Pod ${name} was deleted ${atTrigger(run, t)} with ${count(open, 'client')} still on it.`,
      evidence: [
        evidence('clients.arrow', t - lag, t, `clients of ${name}`),
        evidence('events.ndjson', t, t, `pod ${name} deleting`),
      ],
      figures: { connectionsLeft: open, sessionsLeft: known?.sessions ?? null },
    })
  if (!known) return unsampled(run, name)
  const { connected, sessions } = known
  const seen = [
    evidence('events.ndjson', known.t, t, `last count of ${name} (${known.source}) and its deletion`),
  ]
  if (connected === 0 && sessions === 0)
    return pass({
      bound: DRAINED_BOUND,
      measured: `${name}: 0`,
      sentence: `${name} was empty.`,
      evidence: seen,
      figures: { connectionsLeft: 0, sessionsLeft: 0 },
    })
  const left =
    sessions === null
      ? `${count(connected, 'connection')} and its sessions not yet`
      : `${count(connected, 'connection')} and ${count(sessions, 'session')}`
  const spare = (t - known.askedT) / SECOND
  const { connEvictRate, sessEvictRate } = askedOf(run)
  const needed = connected / connEvictRate + (sessions ?? 0) / sessEvictRate - 2
  if (needed > spare)
    return fail({
      bound: DRAINED_BOUND,
      measured: `${name}: ${left}`,
      sentence: `Pod ${name} was deleted ${atTrigger(run, t)}, ${spare.toFixed(1)} s after ${known.source} still counted ${left}: that many take ${(needed + 2).toFixed(1)} s to move.`,
      evidence: seen,
      figures: { connectionsLeft: connected, sessionsLeft: sessions },
    })
  return unknown({
    bound: DRAINED_BOUND,
    measured: `${name}: ${left} ${spare.toFixed(1)} s before`,
    why: `the last count of ${name} before it was deleted, ${spare.toFixed(1)} s earlier, was ${left}; they may have gone meanwhile`,
    settle: 'samples of the evacuation status every second',
    evidence: seen,
  })
}

/** Clients say that nobody was connected; sessions without a client are known to EMQX alone. */
function unsampled(run: RunView, name: string): AssertionResult {
  const persistent = run.record.fleet.groups.some((group) => group.persistent)
  const known = run.connections.length > 0 && run.connections.unknownShare <= 0.01
  if (!persistent && known)
    return pass({
      bound: DRAINED_BOUND,
      measured: `${name}: 0`,
      sentence: `${name} was empty, as the clients saw it.`,
      figures: { connectionsLeft: 0, sessionsLeft: null },
    })
  return unknown({
    bound: DRAINED_BOUND,
    measured: 'unknown',
    why: `EMQX was never asked what was left on ${name}`,
    settle: "samples of EMQX's evacuation status until the pod is deleted",
  })
}
