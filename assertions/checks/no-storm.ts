import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { evictingAtOnce } from '../evidence/evicting-at-once.ts'
import { servingCount } from '../evidence/new-set.ts'
import { retriesOf } from '../evidence/retries.ts'
import { totalDelay } from '../evidence/stall.ts'
import { openAt } from '../evidence/tracks.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { tightestBurst } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['no-storm']
const { settle } = MESSAGES

/** The avalanche that blue-green updates exist to avoid: attempts outside the envelope (docs/contract/upgrade.md#windows). */
export const noStorm: Check<'no-storm'> = (run, bounds) => {
  const { connEvictRate, reconnect } = run.parameters
  const evicted = connEvictRate * evictingAtOnce(run)
  const retries = retriesOf(run)
  const rate = evicted * (1 + retries.mean)
  // A reconnect delay that is drawn at random may bring clients of several ticks together.
  const spreadSeconds = Math.max(0, reconnect.maxMs - reconnect.minMs) / 1000
  const chance = retries.spread(run.evictions.length)
  const most = bounds.ticks * rate + bounds.slack + rate * spreadSeconds + chance
  const bound = text.bound({ rate, burst: Math.floor(most) })
  if (run.attempts.length === 0)
    return unknown({
      bound,
      ...text.none,
      settle: settle.eviction,
    })
  const burst = tightestBurst(run.attempts, rate)
  const figures = {
    attempts: run.attempts.length,
    burst: Math.round(burst.size * 10) / 10,
    allowedBurst: Math.floor(most),
    ratePerSecond: rate,
    attemptsInBurst: burst.events,
  }
  const seen = [evidence('clients.arrow', burst.fromT, burst.toT, text.seen)]
  const measured = text.measured(figures)
  const held = heldByOneNode(run)
  // Then all of a node's clients at once would be no burst.
  if (burst.size <= most && rate * spreadSeconds >= held)
    return unknown({
      bound,
      measured,
      why: text.vacuous({ held, burst: Math.floor(most) }),
      settle: text.vacuousSettle,
      evidence: seen,
      figures,
    })
  if (burst.size <= most)
    return pass({
      bound,
      measured,
      sentence: text.held({ attempts: run.attempts.length, burst: figures.burst, rate }),
      evidence: seen,
      figures,
    })
  const tookNs = burst.toT - burst.fromT
  const allowed = Math.floor(most + (rate * tookNs) / SECOND)
  return fail({
    bound,
    measured,
    sentence: text.storm({ at: moment(run, burst.fromT), attempts: burst.events, tookNs, rate, allowed }),
    evidence: seen,
    figures,
    despiteHarness: burst.size > most + (rate * totalDelay(run, burst.fromT, burst.toT)) / SECOND,
  })
}

/** The most clients that one old node held at the change: so many come back when it drops them all at once. */
function heldByOneNode(run: RunView): number {
  const held = run.nodes.map(({ side }, index) =>
    side === 'old' ? openAt(run, index, run.moments.trigger ?? 0) : 0,
  )
  return Math.max(...held) || run.parameters.clients / servingCount(run)
}
