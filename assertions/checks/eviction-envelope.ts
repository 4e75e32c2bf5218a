import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { worstStall } from '../evidence/stall.ts'
import { evictionTimesByNode, unknownEvictions } from '../evidence/unknown-nodes.ts'
import { atTrigger, count, SECOND, seconds, shortName } from '../evidence/wording.ts'
import { type Burst, tightestBurst } from '../statistics/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** The rate has no tolerance; the burst is one tick of R and one more that was seen late, as on real EMQX under load. */
export const evictionEnvelope: Check<'eviction-envelope'> = (run, bounds) => {
  const rate = run.parameters.connEvictRate
  const most = bounds.ticks * rate + bounds.slack
  const bound = `at most ${rate}/s and a burst of ${most} per node`
  if (run.evictions.length === 0)
    return unknown({
      bound,
      measured: 'no evictions',
      why: 'no client was evicted after the trigger',
      settle: 'a run in which a node is drained',
    })
  const times = evictionTimesByNode(run)
  const bursts = [...times]
    .map(([node, t]) => ({ node, burst: tightestBurst(t, rate), total: t.length }))
    .sort((a, b) => b.burst.size - a.burst.size)
  const sum = tightestBurst(run.evictions.t, rate)
  const figures = {
    ratePerSecond: rate,
    allowedBurst: most,
    evictions: run.evictions.length,
    worstBurst: rounded(bursts[0]?.burst.size ?? 0),
    worstNode: bursts[0] === undefined ? null : shortName(run, bursts[0].node),
    sumBurst: rounded(sum.size),
    nodesOverBound: bursts.filter((one) => one.burst.size > most).length,
  }
  const [worst] = bursts
  if (worst !== undefined && worst.burst.size > most)
    return overBound(run, worst.burst, most, `${shortName(run, worst.node)} evicted`, bound, figures)
  const known = sureSum(run, sum, rate, most)
  if (known !== undefined) return overBound(run, sum, known, 'The old nodes together evicted', bound, figures)
  const share = unknownEvictions(run)
  if (share > bounds.unknownShare || worst === undefined)
    return unknown({
      bound,
      measured: `the node of ${(share * 100).toFixed(1)} % of evictions is unknown`,
      why: `of ${count(run.evictions.length, 'eviction')} the node is unknown for ${(share * 100).toFixed(1)} %`,
      settle: 'listings of which client is on which node, before and during the drain',
      figures,
    })
  return pass({
    bound,
    measured: `worst burst ${rounded(worst.burst.size)} (${shortName(run, worst.node)})`,
    sentence: `${count(run.evictions.length, 'eviction')} from ${count(bursts.length, 'node')}, never more than ${rounded(worst.burst.size)} ahead of ${rate}/s on one node.`,
    evidence: [evidence('clients.arrow', worst.burst.fromT, worst.burst.toT, 'the tightest burst')],
    figures,
  })
}

/**
 * The bound for all nodes together, where it is broken. While one node is drained after another the sum keeps to R,
 * but the next may start in the tick in which the last ends. When drains overlap, that is evacuation-serial's to say;
 * only more than all nodes together may evict is then certain.
 */
function sureSum(run: RunView, sum: Burst, rate: number, most: number): number | undefined {
  if (isSerial(run)) return sum.size > most + rate ? most + rate : undefined
  const nodes = Math.max(1, run.nodes.length)
  const all = tightestBurst(run.evictions.t, rate * nodes)
  return all.size > most * nodes ? most * nodes : undefined
}

/** True when no two evacuations were seen to evict connections at the same time, nor two nodes to lose clients in turns. */
function isSerial(run: RunView): boolean {
  const drains = run.evacuations.flatMap((evacuation) =>
    evacuation.states
      .filter((one) => one.state === 'evicting_conns')
      .map((one) => ({ fromT: one.seenT, toT: one.lastSeenT })),
  )
  if (drains.length === 0) return false
  drains.sort((a, b) => a.fromT - b.fromT)
  return drains.every((drain, i) => i === 0 || drain.fromT >= drains[i - 1]!.toT)
}

function overBound(
  run: RunView,
  burst: Burst,
  most: number,
  who: string,
  bound: string,
  figures: AssertionResult['figures'],
): AssertionResult {
  const { connEvictRate } = run.parameters
  const tookNs = burst.toT - burst.fromT
  const allowed = Math.floor(most + (connEvictRate * tookNs) / SECOND)
  const stall = worstStall(run, burst.fromT, burst.toT)
  return fail({
    bound,
    measured: `burst ${rounded(burst.size)}`,
    sentence: `${who} ${count(burst.events, 'client')} within ${seconds(tookNs)}, ${atTrigger(run, burst.fromT)}, where ${connEvictRate}/s allows ${allowed}.`,
    evidence: [evidence('clients.arrow', burst.fromT, burst.toT, 'the burst of evictions')],
    figures,
    despiteHarness: burst.size > most + (connEvictRate * stall) / SECOND,
  })
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
