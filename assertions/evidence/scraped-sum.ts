import type { RunView } from '#weir/record/view/index.ts'
import { lastAtOrBefore } from '../statistics/index.ts'
import { type GaugeSamples, samplesByNode } from './gauge-samples.ts'
import { servesFrom, type Unscraped, unscraped } from './unscraped.ts'
import { blindTo } from './watches.ts'
import { SECOND } from './wording.ts'

/** The sum of one gauge over all nodes, where it is known. */
export interface ScrapedSum {
  metric: string
  t: Float64Array
  /** The oldest of the readings that were added up. */
  oldestT: Float64Array
  value: Float64Array
  /** Moments at which a node that was there had no fresh reading, or was being deleted with clients on it, or which nodes there were is unknown: no sum. */
  holes: number
}

/**
 * Adds up the latest reading of every node at each reading of any of them. A node counts from its first reading until
 * its pod is deleted, or, where no pods are known, until its readings end. While a node that may hold clients has none, there is no sum. The live gauge is used when every node has
 * it, else the channel count. `emptied`: a deleted node whose last reading is at most this holds no clients any more.
 */
export function scrapedSum(
  run: RunView,
  fromT: number,
  toT: number,
  emptied: number,
): ScrapedSum | undefined {
  const { connectionsMetric, liveConnectionsMetric } = run.parameters.dialect
  const channels = samplesByNode(run, connectionsMetric)
  const live = samplesByNode(run, liveConnectionsMetric)
  const useLive = live.size > 0 && [...channels.keys()].every((node) => live.has(node))
  const used = useLive ? live : channels
  const series = [...used.values()]
  if (series.length === 0) return undefined
  const unseen = unscraped(run, (node) => used.has(node))
  const freshNs = (1.5 * run.parameters.scrapeIntervalSeconds + 1) * SECOND
  const times = Float64Array.from(new Set(series.flatMap((one) => [...one.t])))
    .filter((t) => t >= fromT && t <= toT)
    .sort()
  const sums = { t: [] as number[], oldestT: [] as number[], value: [] as number[] }
  let holes = 0
  for (const t of times) {
    const sum = sumAt(run, series, unseen, t, freshNs, emptied)
    if (sum === undefined) holes++
    else {
      sums.t.push(t)
      sums.oldestT.push(sum.oldestT)
      sums.value.push(sum.value)
    }
  }
  return {
    metric: useLive ? liveConnectionsMetric : connectionsMetric,
    t: Float64Array.from(sums.t),
    oldestT: Float64Array.from(sums.oldestT),
    value: Float64Array.from(sums.value),
    holes,
  }
}

function sumAt(
  run: RunView,
  series: readonly GaugeSamples[],
  unseen: readonly Unscraped[],
  t: number,
  freshNs: number,
  emptied: number,
): { value: number; oldestT: number } | undefined {
  // A pod that nobody could see come is not scraped, and may hold clients.
  if (blindTo(run, 'pods', t, t)) return undefined
  if (unseen.some(({ fromT, deletedT }) => fromT <= t && t <= deletedT + freshNs)) return undefined
  let value = 0
  let oldestT = t
  for (const one of series) {
    const { deletingT, deletedT } = run.nodes[one.node]!
    const at = lastAtOrBefore(one.t, t)
    if (deletedT !== undefined && t > deletedT + freshNs) continue
    if (at < 0 && servesFrom(run, one.node) <= t) return undefined
    if (at < 0) continue
    if (t >= Math.min(deletingT ?? Number.POSITIVE_INFINITY, deletedT ?? Number.POSITIVE_INFINITY)) {
      // A pod exists for a while after the request to delete it: no reading shows when it drops its clients.
      if (one.value[at]! > emptied) return undefined
      continue
    }
    const isLast = at === one.t.length - 1
    if (t - one.t[at]! > freshNs) {
      // Readings that end without a deleted pod: the node is gone in a record without pods; otherwise readings are missing.
      if (isLast && run.of('pod').length === 0) continue
      return undefined
    }
    value += one.value[at]!
    oldestT = Math.min(oldestT, one.askedT[at]!)
  }
  return { value, oldestT }
}
