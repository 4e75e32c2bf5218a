import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { evictingAtOnce } from '../evidence/evicting-at-once.ts'
import { retriesOf } from '../evidence/retries.ts'
import { judgedSpan, reconnectNs } from '../evidence/span.ts'
import { totalDelay } from '../evidence/stall.ts'
import { moment, SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { peakOf, quantile, stepCount } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['offline-peak']
const { settle, shared } = MESSAGES

/** By Little's law: R clients a second leave, for their reconnect delay, the connect, and a tick on either side (docs/contract/upgrade.md#offline). */
export const offlinePeak: Check<'offline-peak'> = (run, bounds) => {
  const rate = run.parameters.connEvictRate * evictingAtOnce(run)
  const { fromT, toT } = judgedSpan(run)
  const connectNs = usualConnectNs(run)
  // Those who are refused wait once more, each time.
  const retrying = rate * retriesOf(run).mean * (reconnectNs(run) / SECOND)
  const again = retrying + 5 * Math.sqrt(retrying)
  const most = rate * (reconnectNs(run) / SECOND + bounds.connectSeconds + bounds.tickSeconds) + again
  // With connects as slow as they were before the change, so many may be offline for that alone.
  const perhaps = rate * ((reconnectNs(run) + connectNs) / SECOND + bounds.tickSeconds) + again
  const bound = text.bound({ most: Math.floor(most) })
  const rows = Array.from(run.spells.from.keys()).filter(
    (i) => run.spells.from[i]! >= fromT && run.spells.from[i]! < toT && run.spells.away[i] === 0,
  )
  if (rows.length === 0)
    return unknown({
      bound,
      measured: text.none,
      why: shared.noReturn,
      settle: settle.drain,
    })
  const offline = stepCount(
    rows.map((i) => run.spells.from[i]!),
    rows.map((i) => Math.min(run.spells.to[i]!, toT)),
  )
  const peak = peakOf(offline)
  const parts = {
    bound,
    measured: text.measured({ peak: peak.value }),
    evidence: [evidence('clients.arrow', peak.t - 2 * SECOND, peak.t, text.seen)],
    figures: {
      peak: peak.value,
      allowed: Math.floor(most),
      connectP99Ms: Number((connectNs / 1e6).toFixed(1)),
    },
  }
  if (peak.value <= most)
    return pass({ ...parts, sentence: text.held({ peak: peak.value, at: moment(run, peak.t) }) })
  if (peak.value <= perhaps)
    return unknown({
      ...parts,
      why: text.slowBefore({ peak: peak.value, most: Math.floor(most), ns: connectNs }),
      settle: settle.lessLoad,
    })
  return fail({
    ...parts,
    sentence: text.exceeded({ peak: peak.value, at: moment(run, peak.t), rate, most: Math.floor(most) }),
    despiteHarness: peak.value > most + (rate * totalDelay(run, fromT, peak.t)) / SECOND,
  })
}

/** The 99th percentile of attempt to CONNACK before the change: the cost of an undisturbed connect. */
function usualConnectNs(run: RunView): number {
  const { connections } = run
  const { trigger } = run.moments
  const took: number[] = []
  for (let row = 0; row < connections.length; row++)
    if (trigger === undefined || connections.from[row]! < trigger)
      took.push(connections.from[row]! - connections.attemptT[row]!)
  return took.length === 0 ? 0 : quantile(took, 0.99)
}
