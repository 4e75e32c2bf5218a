import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { drainedByScrapes } from '../evidence/drained-by-scrapes.ts'
import { endedByRun } from '../evidence/ended-by-run.ts'
import { deletionLagNs } from '../evidence/handover.ts'
import { lastKnown } from '../evidence/last-known.ts'
import { askedOf } from '../evidence/requested.ts'
import { openAt } from '../evidence/tracks.ts'
import { blindTo } from '../evidence/watches.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['drained-before-delete']
const { settle, shared } = MESSAGES

/** A pod that is deleted with clients on it drops them all at once, whatever the rate (docs/contract/emqx.md#what-clients-see). */
export const drainedBeforeDelete: Check<'drained-before-delete'> = (run, bounds) => {
  if (run.of('pod').length === 0 && run.connections.length === 0)
    return drainedByScrapes(run, bounds.gaugeNoise ?? 5)
  const until = run.moments.fleetStopping ?? run.moments.end
  const deleted = run.nodes.flatMap((node, index) => {
    const t = node.deletingT ?? node.deletedT
    if (endedByRun(run).has(index) || neverServed(run, index)) return []
    return t !== undefined && t < until && t >= (run.moments.trigger ?? 0) ? [{ node: index, t }] : []
  })
  deleted.sort((a, b) => a.t - b.t)
  if (deleted.length === 0)
    return unknown({
      bound: text.bound,
      ...text.none,
      settle: settle.podsDeleted,
    })
  const results = deleted.map(({ node, t }) => examine(run, node, t))
  const failed = results.filter(({ outcome }) => outcome === 'fail')
  const doubt = results.find(({ outcome }) => outcome === 'inconclusive')
  if (failed.length > 0) return worst(failed, deleted.length)
  if (doubt) return doubt
  const sessions = sessionsLeft(results)
  return pass({
    bound: text.bound,
    measured: text.measured({ pods: deleted.length, withSessions: sessions !== null }),
    sentence: text.held({ pods: deleted.length, withSessions: sessions !== null }),
    evidence: results.flatMap((one) => one.evidence),
    figures: { podsDeleted: deleted.length, connectionsLeft: 0, sessionsLeft: sessions },
  })
}

/** A pod that came after the change and was never ready: no client was led to it, and no session. */
function neverServed(run: RunView, index: number): boolean {
  const { pod, firstSeenT, deletedT = run.moments.end } = run.nodes[index]!
  if (firstSeenT < (run.moments.trigger ?? 0)) return false
  const own = run.of('pod').filter(({ t, name }) => name === pod && t >= firstSeenT && t <= deletedT)
  return own.length > 0 && own.every(({ ready }) => !ready) && !run.connections.node.includes(index)
}

function worst(failed: AssertionResult[], deleted: number): AssertionResult {
  const left = (results: AssertionResult) => Number(results.figures.connectionsLeft ?? 0)
  const [first, ...others] = [...failed].sort((a, b) => left(b) - left(a))
  if (!first) throw new Error('no failure to report')
  return {
    ...first,
    sentence: text.andOthers({ sentence: first.sentence, others: others.length, pods: deleted }),
    evidence: failed.flatMap((one) => one.evidence),
    figures: {
      podsDeleted: deleted,
      podsUndrained: failed.length,
      connectionsLeft: failed.reduce((sum, one) => sum + left(one), 0),
      sessionsLeft: sessionsLeft(failed),
    },
  }
}

/** Of all pods together; null when one of them is unknown. */
function sessionsLeft(results: AssertionResult[]): number | null {
  const each = results.map(({ figures }) => figures.sessionsLeft)
  return each.every((one) => typeof one === 'number') ? each.reduce((sum, one) => sum + one, 0) : null
}

function examine(run: RunView, node: number, t: number): AssertionResult {
  const name = shortName(run, node)
  const lag = deletionLagNs(run)
  const open = openAt(run, node, t - lag)
  const known = lastKnown(run, node, t)
  if (open > 0 && known?.connected === 0 && open <= 3)
    return unknown({
      bound: text.bound,
      ...shared.contradictingCounts({ left: open, node: name }),
      settle: settle.noMissingEvents,
    })
  if (open > 0)
    return fail({
      bound: text.bound,
      measured: text.measuredConnections({ node: name, connections: open }),
      sentence: text.withClients({
        node: name,
        at: moment(run, t),
        clients: open,
        isUnchanged: run.moments.trigger === undefined,
        disruption: run.nodes[node]?.disruption,
      }),
      evidence: [
        evidence('clients.arrow', t - lag, t, shared.clientsOf({ node: name })),
        evidence('events.ndjson', t, t, text.podDeletingSeen({ node: name })),
      ],
      figures: { connectionsLeft: open, sessionsLeft: known?.sessions ?? null },
    })
  if (!known) return unsampled(run, name, t)
  const { connected, sessions } = known
  const seen = [
    evidence('events.ndjson', known.t, t, text.lastCountSeen({ node: name, source: known.source })),
  ]
  if (connected === 0 && sessions === 0)
    return pass({
      bound: text.bound,
      measured: text.measuredCount({ node: name, connections: 0 }),
      sentence: text.empty({ node: name }),
      evidence: seen,
      figures: { connectionsLeft: 0, sessionsLeft: 0 },
    })
  const left = text.left({ connections: connected, sessions })
  const spare = (t - known.askedT) / SECOND
  const { connEvictRate, sessEvictRate } = askedOf(run)
  const needed = connected / connEvictRate + (sessions ?? 0) / sessEvictRate - 2
  if (needed > spare)
    return fail({
      bound: text.bound,
      measured: text.measuredLeft({ node: name, left }),
      sentence: text.tooSoon({
        node: name,
        at: moment(run, t),
        spare,
        source: known.source,
        left,
        needed: needed + 2,
      }),
      evidence: seen,
      figures: { connectionsLeft: connected, sessionsLeft: sessions },
    })
  return unknown({
    bound: text.bound,
    measured: text.measuredBefore({ node: name, left, spare }),
    why: text.mayHaveLeft({ node: name, left, spare }),
    settle: settle.samples,
    evidence: seen,
  })
}

/** The clients show that none was connected; only EMQX knows of sessions without a client. */
function unsampled(run: RunView, name: string, t: number): AssertionResult {
  // Then it was deleted at some time within the gap, perhaps with clients that had gone at its end.
  if (blindTo(run, 'pods', t - deletionLagNs(run), t))
    return unknown({
      bound: text.bound,
      measured: shared.unknown,
      why: text.blind({ node: name }),
      settle: settle.watches,
    })
  const persistent = run.record.fleet.groups.some((group) => group.persistent)
  const known = run.connections.length > 0 && run.connections.unknownShare <= 0.01
  if (!persistent && known)
    return pass({
      bound: text.bound,
      measured: text.measuredCount({ node: name, connections: 0 }),
      sentence: text.emptyByClients({ node: name }),
      figures: { connectionsLeft: 0, sessionsLeft: null },
    })
  return unknown({
    bound: text.bound,
    measured: shared.unknown,
    why: text.neverPolled({ node: name }),
    settle: text.neverPolledSettle,
  })
}
