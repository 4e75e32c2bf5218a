import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { blockedPod } from '../evidence/blocked-pod.ts'
import { servingCount, servingT } from '../evidence/new-set.ts'
import { othersOf } from '../evidence/others.ts'
import { askedOf } from '../evidence/requested.ts'
import { openAt, type Track, takeoverSeconds, tracksOf } from '../evidence/tracks.ts'
import { SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.duration
const { settle, shared } = MESSAGES

/** An upgrade that hangs looks healthy second by second; only a deadline shows it (docs/contract/upgrade.md#duration). */
export const duration: Check<'duration'> = (run, bounds) => {
  const { trigger, upgradeDone, end } = run.moments
  const expected = expectedSeconds(run, bounds)
  const limit = expected * bounds.factor + bounds.extraSeconds
  const bound = text.bound({ limit, expected })
  if (trigger === undefined)
    return unknown({
      bound,
      measured: shared.unknown,
      why: text.noTrigger,
      settle: settle.upgrade,
    })
  const took = ((upgradeDone ?? end) - trigger) / SECOND
  const estimate = estimatedSeconds(run)
  const figures = {
    tookSeconds: took,
    estimateSeconds: estimate,
    expectedSeconds: expected,
    limitSeconds: limit,
  }
  const seen = [evidence('events.ndjson', trigger, upgradeDone ?? end, text.seen)]
  const parts = { bound, measured: text.measured({ took }), figures, evidence: seen }
  if (took > limit)
    return fail({
      ...parts,
      sentence:
        upgradeDone === undefined
          ? text.notDone({ took, expected, stuck: stuckAt(run) })
          : text.late({ took, expected }),
    })
  const stuck = stuckNode(run, bounds, parts)
  if (stuck) return stuck
  if (upgradeDone !== undefined) return pass({ ...parts, sentence: text.held({ took, estimate, limit }) })
  return unknown({
    ...parts,
    why: text.unfinished({ took, stuck: stuckAt(run), left: limit - took }),
    settle: text.unfinishedSettle,
  })
}

/** What EMQX and an operator add to one node's evacuation besides its waits: the tick that ends it, and the end of its pod. */
const TICK_SECONDS = 1
const POD_END_SECONDS = 2

/**
 * How long the upgrade takes by the resource's numbers, from when the new set served in fact: without the allowances that the limit
 * has for sets that start slowly, pods that end slowly, and a slow machine.
 */
function estimatedSeconds(run: RunView): number | null {
  const { trigger } = run.moments
  const serves = servingT(run)
  if (trigger === undefined || serves === undefined) return null
  const { dialect, pollIntervalSeconds } = run.parameters
  const { connEvictRate, sessEvictRate, initialDelaySeconds, waitTakeoverSeconds } = askedOf(run)
  const { sessionsOn } = othersOf(run)
  const each = run.nodes.flatMap((node, index) => {
    if (node.side !== 'old') return []
    const held = openAt(run, index, trigger)
    const sessions = sessionsOn.get(index) ?? 0
    const end = pollIntervalSeconds + POD_END_SECONDS
    if (held + sessions === 0 && dialect.skipsEmptyNodes) return [waitTakeoverSeconds + end]
    const evicting = Math.ceil(held / connEvictRate) + Math.ceil(sessions / sessEvictRate)
    return [dialect.healthCheckWaitSeconds + evicting + takeoverSeconds(run) + TICK_SECONDS + end]
  })
  const moving = each.reduce((sum, value) => sum + value, 0)
  return Math.round((serves - trigger) / SECOND + initialDelaySeconds + moving)
}

/** T of docs/contract/upgrade.md#duration: new set, initial delay, then for each node its evictions, waits and the operator's polls. */
function expectedSeconds(run: RunView, bounds: Bounds<'duration'>): number {
  const { clients, nodes, otherClients = 0 } = run.parameters
  const trigger = run.moments.trigger ?? 0
  const old = run.nodes.flatMap((node, index) => (node.side === 'old' ? [openAt(run, index, trigger)] : []))
  const known = old.reduce((sum, held) => sum + held, 0)
  const serving = servingCount(run)
  const even = Array.from({ length: nodes }, (_, i) => (i < serving ? clients / serving : 0))
  const each = (known > 0 ? old : even).map(
    (held) => leavingSeconds(run, held + otherClients / serving) + bounds.terminationSeconds,
  )
  const before = bounds.newSetSeconds + askedOf(run).initialDelaySeconds
  return before + each.reduce((sum, value) => sum + value, 0)
}

/** One node's part of it. An empty node may be removed without an evacuation (docs/contract/operator.md#v2beta1-drain). */
function leavingSeconds(run: RunView, held: number): number {
  const { dialect, pollIntervalSeconds } = run.parameters
  if (held > 0 || !dialect.skipsEmptyNodes) return evacuationSeconds(run, held)
  return askedOf(run).waitTakeoverSeconds + pollIntervalSeconds
}

/** One node's evacuation, and the operator's next poll. */
function evacuationSeconds(run: RunView, held: number): number {
  const { pollIntervalSeconds, dialect } = run.parameters
  const { connEvictRate, sessEvictRate } = askedOf(run)
  const { fleet } = run.record
  const persistent = fleet.group.reduce((sum, group) => sum + (fleet.groups[group]?.persistent ? 1 : 0), 0)
  // All other clients may have sessions that stay.
  const share = run.parameters.otherClients ? 1 : fleet.ids.length > 0 ? persistent / fleet.ids.length : 0
  return (
    dialect.healthCheckWaitSeconds +
    Math.ceil(held / connEvictRate) +
    1 +
    takeoverSeconds(run) +
    Math.ceil((held * share) / sessEvictRate) +
    1 +
    pollIntervalSeconds
  )
}

/** A node whose evacuation alone takes longer than the formula gives: a node that hangs shows before the deadline. */
function stuckNode(
  run: RunView,
  bounds: Bounds<'duration'>,
  parts: Pick<AssertionResult, 'bound' | 'figures'>,
): AssertionResult | undefined {
  for (const track of tracksOf(run)) {
    const took = tookSeconds(run, track)
    const expected = evacuationSeconds(
      run,
      run.evacuations.find(({ node }) => node === track.node)?.initialConnected ?? 0,
    )
    const limit = expected * bounds.factor + bounds.extraSeconds
    const last = track.samples.at(-1)
    if (took <= limit || !last) continue
    const name = shortName(run, track.node)
    const fromT = track.samples[0]?.t ?? 0
    return fail({
      ...parts,
      measured: text.measuredNode({ node: name, took }),
      sentence: text.stuckNode({
        node: name,
        took,
        expected,
        state: text.inState({ state: last.state, connections: last.connected, sessions: last.sessions }),
      }),
      evidence: [evidence('events.ndjson', fromT, last.t, shared.evacuationStatusOf({ node: name }))],
      figures: { ...parts.figures, nodeTookSeconds: took, nodeLimitSeconds: limit },
    })
  }
  return undefined
}

function tookSeconds(run: RunView, track: Track): number {
  const deletingT = run.nodes[track.node]?.deletingT ?? Number.POSITIVE_INFINITY
  return (Math.min(track.samples.at(-1)?.t ?? 0, deletingT) - (track.samples[0]?.t ?? 0)) / SECOND
}

/** What was last known to be under way. */
function stuckAt(run: RunView): string {
  const blocked = blockedPod(run, run.moments.end)
  if (blocked) return text.blocked(blocked)
  const timedOut = run.of('step').findLast((step) => step.phase === 'timeout')
  const last = run.of('evacuation').at(-1)?.evacuations[0]
  const noEvacuation = run.of('evacuation').length > 0 ? text.noEvacuation : text.neverSampled
  if (!last) return timedOut?.lastMismatch ?? noEvacuation
  return text.stuckAt({
    node: last.node.split('.')[0]?.split('@').at(-1),
    state: text.inState({
      state: last.state,
      connections: last.currentConnected,
      sessions: last.currentSessions,
    }),
  })
}
