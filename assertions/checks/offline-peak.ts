import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { judgedSpan, reconnectNs } from '../evidence/span.ts'
import { worstStall } from '../evidence/stall.ts'
import { atTrigger, count, SECOND } from '../evidence/wording.ts'
import { peakOf, quantile, stepCount } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** By Little's law: R leave a second and stay away for their delay, the connect, and a tick on either side. */
export const offlinePeak: Check<'offline-peak'> = (run, bounds) => {
  const { connEvictRate: rate } = run.parameters
  const { fromT, toT } = judgedSpan(run)
  const connectNs = usualConnectNs(run)
  const most = rate * ((reconnectNs(run) + connectNs) / SECOND + bounds.tickSeconds)
  const bound = `at most ${Math.floor(most)} clients at once`
  const rows = Array.from(run.spells.from.keys()).filter(
    (i) => run.spells.from[i]! >= fromT && run.spells.from[i]! < toT && run.spells.away[i] === 0,
  )
  if (rows.length === 0)
    return unknown({
      bound,
      measured: 'nobody',
      why: 'no client that comes back was evicted after the trigger',
      settle: 'a run in which a node is drained',
    })
  const offline = stepCount(
    rows.map((i) => run.spells.from[i]!),
    rows.map((i) => Math.min(run.spells.to[i]!, toT)),
  )
  const peak = peakOf(offline)
  const parts = {
    bound,
    measured: count(peak.value, 'client'),
    evidence: [evidence('clients.arrow', peak.t - 2 * SECOND, peak.t, 'the peak of clients offline')],
    figures: {
      peak: peak.value,
      allowed: Math.floor(most),
      connectP99Ms: Number((connectNs / 1e6).toFixed(1)),
    },
  }
  if (peak.value <= most)
    return pass({
      ...parts,
      sentence: `At most ${count(peak.value, 'client')} were offline at once, ${atTrigger(run, peak.t)}.`,
    })
  return fail({
    ...parts,
    sentence: `${count(peak.value, 'client')} were offline at once ${atTrigger(run, peak.t)}, where ${rate}/s and the clients' own delay allow ${Math.floor(most)}.`,
    despiteHarness: peak.value > most + (rate * worstStall(run, fromT, peak.t)) / SECOND,
  })
}

/** The 99th percentile of attempt to CONNACK before the change: what a connect costs when nothing is wrong. */
function usualConnectNs(run: RunView): number {
  const { connections } = run
  const { trigger } = run.moments
  const took: number[] = []
  for (let row = 0; row < connections.length; row++)
    if (trigger === undefined || connections.from[row]! < trigger)
      took.push(connections.from[row]! - connections.attemptT[row]!)
  return took.length === 0 ? 0 : quantile(took, 0.99)
}
