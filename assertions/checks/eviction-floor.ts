import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { mayEvictFrom } from '../evidence/may-evict.ts'
import { askedOf } from '../evidence/requested.ts'
import { totalDelay } from '../evidence/stall.ts'
import { evictionTimesByNode, unknownEvictions } from '../evidence/unknown-nodes.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['eviction-floor']
const { settle, shared } = MESSAGES

interface Drain {
  node: number
  evictions: number
  fromT: number
  toT: number
  perSecond: number
}

/** A drain far below its rate keeps two sets running longer than planned, and hides a node that hangs. */
export const evictionFloor: Check<'eviction-floor'> = (run, bounds) => {
  const rate = askedOf(run).connEvictRate
  const least = bounds.share * rate
  const bound = text.bound({ least })
  const open = (found: { measured: string; why: string }, settle: string) =>
    unknown({ bound, ...found, settle })
  const share = unknownEvictions(run)
  if (run.evictions.length === 0)
    return open({ measured: shared.noEvictions, why: shared.noEviction }, settle.drain)
  if (share > bounds.unknownShare) return open(text.unknownNodes({ share }), settle.listings)
  const drains = drainsOf(run, bounds.ticks)
  drains.sort((a, b) => a.perSecond - b.perSecond)
  const [slowest] = drains
  if (slowest === undefined) return open(text.tooShort({ ticks: bounds.ticks, rate }), text.tooShortSettle)
  const { perSecond } = slowest
  const node = shortName(run, slowest.node)
  const figures = {
    ratePerSecond: rate,
    slowestPerSecond: Number(perSecond.toFixed(3)),
    leastPerSecond: least,
    slowestNode: node,
    drainsMeasured: drains.length,
  }
  const seen = [evidence('clients.arrow', slowest.fromT, slowest.toT, text.drainSeen({ node }))]
  const measured = text.measured({ perSecond, node })
  if (perSecond >= least)
    return pass({
      bound,
      measured,
      sentence: text.held({ drains: drains.length, perSecond }),
      evidence: seen,
      figures,
    })
  const delayNs = totalDelay(run, slowest.fromT, slowest.toT)
  return fail({
    bound,
    measured,
    sentence: text.slow({
      node,
      tookNs: slowest.toT - slowest.fromT,
      at: moment(run, slowest.fromT),
      evictions: slowest.evictions,
      perSecond,
      rate,
    }),
    evidence: seen,
    figures,
    // A drain is never longer by more than what waited meanwhile, in weir or in the cluster beside it.
    despiteHarness:
      slowest.evictions / (slowest.toT - slowest.fromT - delayNs) < least / SECOND &&
      delayNs < (slowest.toT - slowest.fromT) / 2,
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
