import { usageError } from '#weir/errors/index.ts'
import { predict } from './predict.ts'
import type { Prediction, Setting } from './types.ts'

/** What an update is to keep to; one that is left out is not asked for. */
export interface Goals {
  /** Of every client that moved, 99 of 100 are back within this. */
  maxDowntimeP99Seconds?: number
  /** Share of all clients. */
  maxOffline?: number
  /** Most connection attempts that one node takes within a second. */
  acceptRate?: number
  withinSeconds?: number
}

export interface SafeRates {
  /** connEvictRate from the slowest to the fastest that meets every goal, and what the fastest comes to. */
  slowest: number
  fastest: number
  prediction: Prediction
}

interface Limit {
  flag: string
  meets(prediction: Prediction): boolean
  says(prediction: Prediction): string
}

/**
 * The range of eviction rates that meets every goal. A faster rate takes less time and gives more clients offline and more attempts, so
 * `withinSeconds` bounds it from below and the others from above. Sessions are evicted at the same rate. Throws WEIR_USAGE with
 * the figures when no rate meets them.
 */
export function safeRates(setting: Setting, goals: Goals): SafeRates {
  const most = Math.ceil(setting.clients / setting.nodes)
  const seen = new Map<number, Prediction>()
  const at = (rate: number) => {
    const found = seen.get(rate) ?? predict({ ...setting, connEvictRate: rate, sessEvictRate: rate })
    seen.set(rate, found)
    return found
  }
  let fastest = most
  let narrowest: Limit | undefined
  for (const limit of upperLimits(setting, goals)) {
    if (!limit.meets(at(1)))
      throw usageError(`no rate meets ${limit.flag}: ${limit.says(at(1))} even at 1 a second`)
    const rate = largest(fastest, (one) => limit.meets(at(one)))
    if (rate < fastest) narrowest = limit
    fastest = rate
  }
  const { withinSeconds = Number.POSITIVE_INFINITY } = goals
  const takes = (rate: number) => `${Math.ceil(at(rate).seconds)} s`
  if (at(fastest).seconds > withinSeconds)
    throw usageError(
      narrowest
        ? `no rate meets both --within and ${narrowest.flag}: ${fastest} a second is the most for ${narrowest.flag}, and takes ${takes(fastest)}, not ${withinSeconds} s`
        : `no rate meets --within: the update takes ${takes(most)} even when a node is emptied at once, not ${withinSeconds} s`,
    )
  const tooSlow =
    at(1).seconds <= withinSeconds ? 0 : largest(fastest, (one) => at(one).seconds > withinSeconds)
  return { slowest: tooSlow + 1, fastest, prediction: at(fastest) }
}

function upperLimits({ clients }: Setting, goals: Goals): Limit[] {
  const { maxDowntimeP99Seconds: p99, maxOffline, acceptRate } = goals
  const limits: Limit[] = []
  if (maxOffline !== undefined)
    limits.push({
      flag: '--max-offline',
      meets: ({ offlinePeak }) => offlinePeak <= maxOffline * clients,
      says: ({ offlinePeak }) => `${offlinePeak} of ${clients} clients are offline at once`,
    })
  if (acceptRate !== undefined)
    limits.push({
      flag: '--accept-rate',
      meets: ({ attemptsPerSecondOfNode }) => attemptsPerSecondOfNode <= acceptRate,
      says: ({ attemptsPerSecondOfNode }) =>
        `a node gets ${attemptsPerSecondOfNode} attempts within a second`,
    })
  if (p99 !== undefined)
    limits.push({
      flag: '--max-downtime-p99',
      meets: ({ downtime, gaveUp }) => gaveUp === 0 && downtime.p99Seconds <= p99,
      says: ({ downtime, gaveUp }) =>
        gaveUp > 0
          ? `${gaveUp} clients give up and stay offline`
          : `downtime p99 is ${downtime.p99Seconds.toFixed(2)} s`,
    })
  return limits
}

/** The largest whole number from 1 to `most` that holds, where 1 does and none does beyond one that does not. */
function largest(most: number, holds: (rate: number) => boolean): number {
  let [low, high] = [1, most]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}
