import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { evictedRows } from '../evidence/crashes.ts'
import { mostRate } from '../evidence/requested.ts'
import { totalDelay } from '../evidence/stall.ts'
import { evictionTimesByNode, unknownEvictions } from '../evidence/unknown-nodes.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { type Burst, envelopeBound, tightestBurst } from '../statistics/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['eviction-envelope']
const { settle, shared } = MESSAGES

/** The rate has no tolerance; the burst is one tick of R and one more that was seen late, as on real EMQX under load. */
export const evictionEnvelope: Check<'eviction-envelope'> = (run, bounds) => {
  const rate = run.parameters.connEvictRate
  const most = envelopeBound(rate, bounds)
  const bound = text.bound({ rate, burst: most })
  if (run.evictions.length === 0)
    return unknown({
      bound,
      measured: shared.noEvictions,
      why: shared.noEviction,
      settle: settle.drain,
    })
  const times = evictionTimesByNode(run)
  const bursts = [...times]
    .map(([node, t]) => {
      const ofNode = mostRate(run, node)
      const allowed = envelopeBound(ofNode, bounds)
      const burst = tightestBurst(t, ofNode)
      return { node, rate: ofNode, allowed, burst, over: burst.size - allowed }
    })
    .sort((a, b) => b.over - a.over)
  const evicted = Float64Array.from(evictedRows(run), (i) => run.evictions.t[i]!)
  const sum = tightestBurst(evicted, rate)
  const figures = {
    ratePerSecond: rate,
    allowedBurst: most,
    evictions: run.evictions.length,
    worstBurst: rounded(bursts[0]?.burst.size ?? 0),
    worstNode: bursts[0] === undefined ? null : shortName(run, bursts[0].node),
    sumBurst: rounded(sum.size),
    nodesOverBound: bursts.filter(({ over }) => over > 0).length,
  }
  const [worst] = bursts
  if (worst !== undefined && worst.over > 0)
    return overBound(run, worst, shortName(run, worst.node), bound, figures)
  const known = sureSum(run, evicted, sum, rate, most)
  if (known !== undefined)
    return overBound(run, { rate, allowed: known, burst: sum }, undefined, bound, figures)
  const share = unknownEvictions(run)
  if (share > bounds.unknownShare || worst === undefined)
    return unknown({
      bound,
      ...text.unknownNodes({ share, evictions: run.evictions.length }),
      settle: settle.listings,
      figures,
    })
  return pass({
    bound,
    measured: text.measuredWorst({ burst: rounded(worst.burst.size), node: shortName(run, worst.node) }),
    sentence: text.held({
      evictions: run.evictions.length,
      nodes: bursts.length,
      burst: rounded(worst.burst.size),
      rate,
    }),
    evidence: [evidence('clients.arrow', worst.burst.fromT, worst.burst.toT, text.burstSeen)],
    figures,
  })
}

/**
 * The bound for all nodes together, where it is broken. While one node is drained after another the sum keeps to R,
 * but the next may start in the tick in which the last ends. When drains overlap, evacuation-serial judges that;
 * only more than all nodes together may evict is then certain.
 */
function sureSum(
  run: RunView,
  evicted: Float64Array,
  sum: Burst,
  rate: number,
  most: number,
): number | undefined {
  if (isSerial(run)) return sum.size > most + rate ? most + rate : undefined
  const nodes = Math.max(1, run.nodes.length)
  const all = tightestBurst(evicted, rate * nodes)
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
  { rate, allowed: most, burst }: { rate: number; allowed: number; burst: Burst },
  node: string | undefined,
  bound: string,
  figures: AssertionResult['figures'],
): AssertionResult {
  const tookNs = burst.toT - burst.fromT
  const allowed = Math.floor(most + (rate * tookNs) / SECOND)
  const stall = totalDelay(run, burst.fromT, burst.toT)
  return fail({
    bound,
    measured: text.measured({ burst: rounded(burst.size) }),
    sentence: text.over({
      node,
      clients: burst.events,
      tookNs,
      at: moment(run, burst.fromT),
      rate,
      allowed,
    }),
    evidence: [evidence('clients.arrow', burst.fromT, burst.toT, text.burstSeen)],
    figures,
    despiteHarness: burst.size > most + (rate * stall) / SECOND,
  })
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
