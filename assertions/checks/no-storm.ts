import type { Check } from '../check.ts'
import { worstStall } from '../evidence/stall.ts'
import { atTrigger, count, SECOND, seconds } from '../evidence/wording.ts'
import { tightestBurst } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** The avalanche that blue-green updates exist to avoid: attempts outside the envelope (seed B01). */
export const noStorm: Check<'no-storm'> = (run, bounds) => {
  const { connEvictRate: rate, reconnect } = run.parameters
  // A reconnect delay that is drawn at random may bring clients of several ticks together.
  const spreadSeconds = Math.max(0, reconnect.maxMs - reconnect.minMs) / 1000
  const most = bounds.ticks * rate + bounds.slack + rate * spreadSeconds
  const bound = `at most ${rate}/s and a burst of ${Math.floor(most)} attempts`
  if (run.attempts.length === 0)
    return unknown({
      bound,
      measured: 'no attempts',
      why: 'no client tried to connect after the trigger',
      settle: 'a run in which clients are evicted',
    })
  const burst = tightestBurst(run.attempts, rate)
  const figures = {
    attempts: run.attempts.length,
    burst: Math.round(burst.size * 10) / 10,
    allowedBurst: Math.floor(most),
    ratePerSecond: rate,
    attemptsInBurst: burst.events,
  }
  const seen = [evidence('clients.arrow', burst.fromT, burst.toT, 'the tightest burst of attempts')]
  const measured = `burst ${figures.burst}`
  if (burst.size <= most)
    return pass({
      bound,
      measured,
      sentence: `${count(run.attempts.length, 'attempt')}, never more than ${figures.burst} ahead of ${rate}/s.`,
      evidence: seen,
      figures,
    })
  const tookNs = burst.toT - burst.fromT
  const allowed = Math.floor(most + (rate * tookNs) / SECOND)
  return fail({
    bound,
    measured,
    sentence: `A reconnect storm ${atTrigger(run, burst.fromT)}: ${count(burst.events, 'attempt')} within ${seconds(tookNs)}, where ${rate}/s allows ${allowed}.`,
    evidence: seen,
    figures,
    despiteHarness: burst.size > most + (rate * worstStall(run, burst.fromT, burst.toT)) / SECOND,
  })
}
