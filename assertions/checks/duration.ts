import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { servingCount } from '../evidence/new-set.ts'
import { askedOf } from '../evidence/requested.ts'
import { openAt, type Track, takeoverSeconds, tracksOf } from '../evidence/tracks.ts'
import { count, SECOND, seconds, shortName } from '../evidence/wording.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** An upgrade that hangs looks healthy second by second: only a deadline from the numbers themselves shows it (seed B42). */
export const duration: Check<'duration'> = (run, bounds) => {
  const { trigger, upgradeDone, end } = run.moments
  const expected = expectedSeconds(run, bounds)
  const limit = expected * bounds.factor + bounds.extraSeconds
  const bound = `${limit.toFixed(0)} s (the formula gives ${expected.toFixed(0)} s)`
  if (trigger === undefined)
    return unknown({
      bound,
      measured: 'unknown',
      why: 'the record does not show when the change was made',
      settle: 'a run with an upgrade',
    })
  const took = ((upgradeDone ?? end) - trigger) / SECOND
  const figures = { tookSeconds: took, expectedSeconds: expected, limitSeconds: limit }
  const seen = [evidence('events.ndjson', trigger, upgradeDone ?? end, 'from the change to its end')]
  const parts = { bound, measured: seconds(took * SECOND), figures, evidence: seen }
  if (took > limit)
    return fail({
      ...parts,
      sentence:
        upgradeDone === undefined
          ? `The upgrade was still not done after ${took.toFixed(0)} s, where its numbers explain ${expected.toFixed(0)} s: ${stuckAt(run)}.`
          : `The upgrade took ${took.toFixed(0)} s, where its numbers explain ${expected.toFixed(0)} s.`,
    })
  const stuck = stuckNode(run, bounds, parts)
  if (stuck) return stuck
  if (upgradeDone !== undefined)
    return pass({
      ...parts,
      sentence: `The upgrade took ${took.toFixed(0)} s of the ${limit.toFixed(0)} s it may take.`,
    })
  return unknown({
    ...parts,
    why: `the record ends ${took.toFixed(0)} s after the change, with the upgrade not done (${stuckAt(run)}) and ${(limit - took).toFixed(0)} s to go`,
    settle: 'a run that goes on until the upgrade is done or out of time',
  })
}

/** T of ops.md 3.3: new set, initial delay, then for each node its evictions, waits and the operator's polls. */
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

/** One node's part of it. One that holds nobody may be taken away as it is, a takeover wait after the last (operator B.6). */
function leavingSeconds(run: RunView, held: number): number {
  const { dialect, pollIntervalSeconds } = run.parameters
  if (held > 0 || !dialect.skipsEmptyNodes) return evacuationSeconds(run, held)
  return askedOf(run).waitTakeoverSeconds + pollIntervalSeconds
}

/** Until one node's evacuation is through, the operator has looked, and its pod may go. */
function evacuationSeconds(run: RunView, held: number): number {
  const { pollIntervalSeconds, dialect } = run.parameters
  const { connEvictRate, sessEvictRate } = askedOf(run)
  const { fleet } = run.record
  const persistent = fleet.group.reduce((sum, group) => sum + (fleet.groups[group]?.persistent ? 1 : 0), 0)
  // Of other clients nobody knows which have sessions that stay: it may be all of them.
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

/** A part of the way that alone takes longer than its own numbers explain: a node that hangs is told before all is late. */
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
      measured: `${name}: ${took.toFixed(0)} s`,
      sentence: `The evacuation of ${name} took at least ${took.toFixed(0)} s, where its numbers explain ${expected.toFixed(0)} s: it was last seen in ${last.state} with ${count(last.connected, 'connection')} and ${count(last.sessions, 'session')}.`,
      evidence: [evidence('events.ndjson', fromT, last.t, `evacuation status of ${name}`)],
      figures: { ...parts.figures, nodeTookSeconds: took, nodeLimitSeconds: limit },
    })
  }
  return undefined
}

function tookSeconds(run: RunView, track: Track): number {
  const deletingT = run.nodes[track.node]?.deletingT ?? Number.POSITIVE_INFINITY
  return (Math.min(track.samples.at(-1)?.t ?? 0, deletingT) - (track.samples[0]?.t ?? 0)) / SECOND
}

/** The last thing that is known to have been under way. */
function stuckAt(run: RunView): string {
  const timedOut = run.of('step').findLast((step) => step.phase === 'timeout')
  const last = run.of('evacuation').at(-1)?.evacuations[0]
  const told = last
    ? `${last.node.split('.')[0]?.split('@').at(-1)} in ${last.state} with ${count(last.currentConnected, 'connection')} and ${count(last.currentSessions, 'session')}`
    : undefined
  return told ?? timedOut?.lastMismatch ?? 'no evacuation under way'
}
