import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { mayEvictFrom } from '../evidence/may-evict.ts'
import { askedOf } from '../evidence/requested.ts'
import { evictionTimesByNode, unknownEvictions } from '../evidence/unknown-nodes.ts'
import { atTrigger, count, SECOND, seconds, shortName } from '../evidence/wording.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

interface Drain {
  node: number
  evictions: number
  fromT: number
  toT: number
  perSecond: number
}

/** A drain far below its rate keeps two sets running for longer than anybody planned, and hides a node that hangs. */
export const evictionFloor: Check<'eviction-floor'> = (run, bounds) => {
  const rate = askedOf(run).connEvictRate
  const least = bounds.share * rate
  const bound = `at least ${least.toFixed(1)}/s on average`
  const open = (measured: string, why: string, settle: string) => unknown({ bound, measured, why, settle })
  const share = unknownEvictions(run)
  if (run.evictions.length === 0)
    return open('no evictions', 'no client was evicted after the trigger', 'a run in which a node is drained')
  if (share > bounds.unknownShare)
    return open(
      `the node of ${(share * 100).toFixed(1)} % of evictions is unknown`,
      'too many evictions belong to an unknown node',
      'listings of which client is on which node',
    )
  const drains = drainsOf(run, bounds.ticks)
  drains.sort((a, b) => a.perSecond - b.perSecond)
  const [slowest] = drains
  if (slowest === undefined)
    return open(
      `no drain of ${bounds.ticks} ticks`,
      `no node evicted more than ${bounds.ticks} ticks of ${rate} clients`,
      'more clients a node, or a lower rate',
    )
  const figures = {
    ratePerSecond: rate,
    slowestPerSecond: Number(slowest.perSecond.toFixed(3)),
    slowestNode: shortName(run, slowest.node),
    drainsMeasured: drains.length,
  }
  const seen = [
    evidence('clients.arrow', slowest.fromT, slowest.toT, `drain of ${shortName(run, slowest.node)}`),
  ]
  const measured = `slowest ${slowest.perSecond.toFixed(1)}/s (${shortName(run, slowest.node)})`
  if (slowest.perSecond >= least)
    return pass({
      bound,
      measured,
      sentence: `${count(drains.length, 'drain')} kept up at least ${slowest.perSecond.toFixed(1)}/s on average.`,
      evidence: seen,
      figures,
    })
  return fail({
    bound,
    measured,
    sentence: `${shortName(run, slowest.node)} took ${seconds(slowest.toT - slowest.fromT)} from ${atTrigger(run, slowest.fromT).replace('at ', '')} for ${count(slowest.evictions, 'eviction')}: ${slowest.perSecond.toFixed(1)}/s where ${rate}/s was configured.`,
    evidence: seen,
    figures,
    // A stalled harness sees a drain late, but never longer by more than its stalls.
    despiteHarness: slowest.perSecond < least / 1.2,
  })
}

/**
 * The drains that are long enough. R evictions a tick: the n-th, (n + R)-th, … open the ticks, so the time from the
 * first eviction to the one that opens the last tick is that of the full ticks before it, and the last, partial tick
 * drops out by itself.
 */
function drainsOf(run: RunView, ticks: number): Drain[] {
  const rate = askedOf(run).connEvictRate
  return [...evictionTimesByNode(run)].flatMap(([node, all]) => {
    const t = all.filter((one) => one >= mayEvictFrom(run, node))
    const full = Math.floor((t.length - 1) / rate) * rate
    if (t.length < ticks * rate || full < rate) return []
    const [fromT, toT] = [t[0]!, t[full]!]
    if (toT <= fromT) return []
    return [{ node, evictions: full, fromT, toT, perSecond: full / ((toT - fromT) / SECOND) }]
  })
}
