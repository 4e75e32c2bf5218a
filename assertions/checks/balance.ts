import { isWithinThresholds, type Rebalance } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { balanceAfter, overshoot } from '../evidence/balance.ts'
import { givenUpOf } from '../evidence/given-up.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.balance
const { settle, shared } = MESSAGES

/** A rebalance levels its donors and leaves everybody else alone: EMQX's own thresholds hold when it has ended, and its operator knows it. */
export const balance: Check<'balance'> = (run, bounds) => {
  const { rebalance } = run.hasParameters ? run.parameters : {}
  if (rebalance === undefined) return noRebalance(run)
  const bound = text.bound(rebalance)
  const others = lostByOthers(run, rebalance)
  if (others.clients > bounds.others)
    return fail({
      bound,
      measured: text.measuredOthers(others),
      sentence: text.others({ ...others, at: moment(run, others.fromT) }),
      evidence: [evidence('clients.arrow', others.fromT, others.toT, text.othersSeen)],
      figures: { clientsOfOthers: others.clients },
    })
  const level = levelled(run, rebalance, bound, bounds.staleSeconds * SECOND)
  const given = givenUpOf(run)
  if (!given) return level
  return fail({
    bound,
    measured: text.measuredGivenUp(given),
    sentence: text.givenUp({
      ...given,
      at: moment(run, given.t),
      after: level.outcome === 'inconclusive' ? '' : ` ${level.sentence}`,
    }),
    evidence: [evidence('events.ndjson', given.t, given.lastT, text.statesSeen), ...level.evidence],
    figures: level.figures,
  })
}

/** EMQX found the nodes balanced already, or there was no rebalance at all. */
function noRebalance(run: RunView): AssertionResult {
  const [asked] = run.of('rebalance')
  const isNothing = asked?.outcome === 'nothing-to-balance'
  return unknown({
    bound: text.noBound,
    measured: shared.unknown,
    why: isNothing ? text.nothing : text.noRebalance,
    settle: isNothing ? text.nothingSettle : text.noRebalanceSettle,
  })
}

/** Clients that nodes which give nothing have lost. */
function lostByOthers(run: RunView, { donors }: Rebalance) {
  const giving = new Set(donors.flatMap((name) => run.nodeByName.get(name) ?? []))
  const { evictions } = run
  const rows = Array.from(evictions.node.keys()).filter((i) => {
    const node = evictions.node[i]!
    return run.nodes[node] !== undefined && !giving.has(node)
  })
  const [first] = rows
  return {
    clients: new Set(rows.map((i) => evictions.client[i])).size,
    node: first === undefined ? '' : shortName(run, evictions.node[first]!),
    fromT: first === undefined ? 0 : evictions.t[first]!,
    toT: rows.length === 0 ? 0 : evictions.t[rows.at(-1)!]!,
  }
}

function levelled(run: RunView, rebalance: Rebalance, bound: string, staleNs: number): AssertionResult {
  const open = (why: string, resolve: string) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve })
  const { changeDone: doneT } = run.moments
  if (rebalance.recipients.length === 0) return open(text.noRecipients, text.noRecipientsSettle)
  if (doneT === undefined) return open(text.neverBalanced, settle.wholeRun)
  const ends = balanceAfter(run, rebalance, doneT, staleNs)
  if (!ends) return open(text.noCounts, text.noCountsSettle)
  const { donors, recipients } = ends
  const nameOf = (name: string) => {
    const index = run.nodeByName.get(name)
    return index === undefined ? name : shortName(run, index)
  }
  const perNode = ends.counts.map(({ node, connections }) => `${nameOf(node)}=${connections}`).join(' ')
  const parts = {
    bound,
    measured: text.measured(ends),
    evidence: [evidence('metrics.ndjson', ends.fromT, ends.toT, text.countsSeen)],
    figures: { donors, recipients, perNode },
  }
  const v = { donors, recipients, perNode }
  if (!isWithinThresholds(donors, recipients, rebalance))
    return fail({ ...parts, sentence: text.unbalanced(v) })
  if (isWithinThresholds(recipients, donors, rebalance)) return pass({ ...parts, sentence: text.held(v) })
  const most = overshoot(run, rebalance)
  if (most === undefined) return open(text.maybeOvershot({ donors, recipients }), text.maybeOvershotSettle)
  return recipients <= donors + most
    ? pass({ ...parts, sentence: text.held(v) })
    : fail({ ...parts, sentence: text.overshot(v) })
}
