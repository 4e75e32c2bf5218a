import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { blockerOf } from '../evidence/blocker.ts'
import { isByPod } from '../evidence/by-pod.ts'
import { servingT } from '../evidence/new-set.ts'
import { totalDelay } from '../evidence/stall.ts'
import { correctedT, takenBackTo } from '../evidence/target-version.ts'
import { tracksOf } from '../evidence/tracks.ts'
import {
  estimatedSeconds,
  evacuatedLoad,
  movingLimit,
  newSetLimit,
  nodeLimit,
} from '../evidence/upgrade-times.ts'
import { SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.duration
const { settle, shared } = MESSAGES

/**
 * An upgrade that hangs looks healthy second by second; only a deadline shows it (docs/contract/upgrade.md#duration). The start of the
 * new set and the move have a limit each, so that a quick start does not leave its time to a slow operator.
 */
export const duration: Check<'duration'> = (run, bounds) => {
  const { trigger, changeDone, end } = run.moments
  const limits = { newSet: newSetLimit(run, bounds), moving: movingLimit(run, bounds) }
  const bound = text.bound(limits)
  const open = (why: string) => unknown({ bound, measured: shared.unknown, why, settle: settle.upgrade })
  if (trigger === undefined) return open(text.noTrigger)
  const back = takenBackTo(run, end)
  if (back !== undefined && changeDone === undefined) return open(shared.takenBack({ version: back }))
  const toT = changeDone ?? end
  // A change that is corrected starts again.
  const fromT = correctedT(run, toT) ?? trigger
  // Where pods are replaced one by one, no new set serves before it begins.
  const serves = isByPod(run) ? fromT : servingT(run)
  const servesT = serves === undefined || serves > toT ? undefined : Math.max(serves, fromT)
  const took = (toT - trigger) / SECOND
  const estimate = estimatedSeconds(run)
  const starting = ((servesT ?? toT) - fromT) / SECOND
  const moving = servesT === undefined ? null : (toT - servesT) / SECOND
  const parts = {
    bound,
    measured: text.measured({ took }),
    figures: {
      tookSeconds: took,
      estimateSeconds: estimate,
      newSetSeconds: starting,
      newSetLimitSeconds: limits.newSet,
      movingSeconds: moving,
      movingLimitSeconds: limits.moving,
    },
    evidence: [evidence('events.ndjson', trigger, toT, text.seen)],
  }
  const late =
    moving === null
      ? { of: 'all' as const, took: starting, limit: limits.newSet + limits.moving }
      : starting > limits.newSet
        ? { of: 'newSet' as const, took: starting, limit: limits.newSet }
        : { of: 'moving' as const, took: moving, limit: limits.moving }
  const excess = (late.took - late.limit) * SECOND
  if (excess > 0)
    return fail({
      ...parts,
      sentence:
        changeDone === undefined
          ? text.notDone({ ...late, stuck: stuckAt(run) })
          : text.late({ ...late, total: took }),
      despiteHarness: excess > totalDelay(run, fromT, toT),
    })
  const stuck = stuckNode(run, bounds, parts)
  if (stuck) return stuck
  if (changeDone !== undefined)
    return pass({ ...parts, sentence: text.held({ took, estimate, moving, limit: late.limit }) })
  return unknown({
    ...parts,
    why: text.unfinished({ took, stuck: stuckAt(run), left: late.limit - late.took }),
    settle: text.unfinishedSettle,
  })
}

/** A node whose evacuation alone takes longer than it may: a node that hangs shows before the deadline. */
function stuckNode(
  run: RunView,
  bounds: Bounds<'duration'>,
  parts: Pick<AssertionResult, 'bound' | 'figures'>,
): AssertionResult | undefined {
  for (const track of tracksOf(run)) {
    const [first] = track.samples
    const last = track.samples.at(-1)
    if (!first || !last) continue
    const toT = Math.min(last.t, run.nodes[track.node]?.deletingT ?? Number.POSITIVE_INFINITY)
    const took = (toT - first.t) / SECOND
    const limit = nodeLimit(run, evacuatedLoad(run, track.node), bounds)
    if (took <= limit) continue
    const name = shortName(run, track.node)
    return fail({
      ...parts,
      measured: text.measuredNode({ node: name, took }),
      sentence: text.stuckNode({
        node: name,
        took,
        limit,
        state: text.inState({ state: last.state, connections: last.connected, sessions: last.sessions }),
      }),
      evidence: [evidence('events.ndjson', first.t, last.t, shared.evacuationStatusOf({ node: name }))],
      figures: { ...parts.figures, nodeTookSeconds: took, nodeLimitSeconds: limit },
      despiteHarness: (took - limit) * SECOND > totalDelay(run, first.t, toT),
    })
  }
  return undefined
}

/** What was last known to be under way. */
function stuckAt(run: RunView): string {
  const blocked = blockerOf(run, run.moments.end)
  if (blocked) return shared.blocker(blocked)
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
