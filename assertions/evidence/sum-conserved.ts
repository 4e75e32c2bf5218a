import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { lastAtOrBefore, rangeWithin } from '../statistics/index.ts'
import { connectedCounts } from './connected-counts.ts'
import { evictingAtOnce } from './evicting-at-once.ts'
import { othersOf } from './others.ts'
import { parkedSessions } from './parked-sessions.ts'
import { askedOf } from './requested.ts'
import { scrapedSum } from './scraped-sum.ts'
import { judgedSpan, reconnectNs } from './span.ts'
import { worstStall } from './stall.ts'
import { SECOND } from './wording.ts'

export interface SumVerdict {
  metric: string
  readings: number
  holes: number
  least: number
  most: number
  /** The sum that strays the most, when one strays; `fromT` is its oldest reading. */
  stray?: { fromT: number; t: number; value: number; low: number; high: number }
}

/**
 * Compares the sum of all nodes' gauges with the clients' connections: within [N − offline − moves, N + moves], where the moves are
 * those that happened while the readings of one sum were taken, and were stale. Where a record has
 * no clients, the offline are bounded by Little's law, and once the last drain is over the sum must be N.
 */
export function sumConserved(run: RunView, bounds: Bounds<'conservation'>): SumVerdict | undefined {
  // Where other clients are connected too, the sum does not count the fleet.
  if (run.parameters.otherClients) return undefined
  const { fromT, toT } = judgedSpan(run)
  // A gauge lags by up to a tick: what an emptied node shows last may be its last tick.
  const emptied = askedOf(run).connEvictRate + bounds.finalTolerance
  const sum = scrapedSum(run, fromT, toT, emptied)
  if (sum === undefined || sum.t.length === 0) return undefined
  const found: SumVerdict = {
    metric: sum.metric,
    readings: sum.t.length,
    holes: sum.holes,
    least: sum.value.reduce((a, b) => Math.min(a, b)),
    most: sum.value.reduce((a, b) => Math.max(a, b)),
  }
  const limits =
    run.connections.length > 0 ? limitsByClients(run, sum.metric, bounds) : limitsByLaw(run, bounds)
  let off = 0
  for (let i = 0; i < sum.t.length; i++) {
    const [low, high] = limits(sum.oldestT[i]!, sum.t[i]!)
    const stray = Math.max(low - sum.value[i]!, sum.value[i]! - high)
    if (stray <= off) continue
    off = stray
    found.stray = { fromT: sum.oldestT[i]!, t: sum.t[i]!, value: sum.value[i]!, low, high }
  }
  return found
}

/** How soon a client that runs sees that its connection ended: a path to the cluster, there and back. */
const NOTICED_NS = 0.2 * SECOND

type Limits = (oldestT: number, t: number) => [number, number]

function limitsByClients(run: RunView, metric: string, bounds: Bounds<'conservation'>): Limits {
  const { dialect } = run.parameters
  const { all } = connectedCounts(run)
  const others = othersOf(run)
  const moving = movesOf(run)
  const parked = metric === dialect.liveConnectionsMetric ? undefined : parkedSessions(run).anywhere
  return (oldestT, t) => {
    const since = oldestT - bounds.widthSeconds * SECOND
    // A node counts a connection that ends before the client sees its end.
    const until = t + NOTICED_NS + worstStall(run, oldestT, t)
    const connected = rangeWithin(all, since, until)
    // A session whose client is away counts as a channel, and may be counted by the node it leaves and the one it reaches.
    const sessions = parked === undefined ? 0 : rangeWithin(parked, since, until).most + others.sessions
    const probes = others.triesWithin(since, until)
    // A client that moves between two readings of one sum is in both of them, or in neither.
    const width = moving(since, until) + bounds.finalTolerance
    return [connected.least - width, connected.most + sessions + probes + width]
  }
}

/** How many connections began or ended within a span, whichever are more. */
function movesOf({ connections }: RunView): (fromT: number, toT: number) => number {
  const began = Float64Array.from(connections.from).sort()
  const ended = Float64Array.from(connections.to).filter(Number.isFinite).sort()
  const within = (times: Float64Array, fromT: number, toT: number) =>
    lastAtOrBefore(times, toT) - lastAtOrBefore(times, fromT)
  return (fromT, toT) => Math.max(within(began, fromT, toT), within(ended, fromT, toT))
}

function limitsByLaw(run: RunView, bounds: Bounds<'conservation'>): Limits {
  const { clients, scrapeIntervalSeconds } = run.parameters
  const { connEvictRate } = askedOf(run)
  const width = connEvictRate * evictingAtOnce(run) * (scrapeIntervalSeconds + bounds.widthSeconds)
  const offline = connEvictRate * evictingAtOnce(run) * (reconnectNs(run) / SECOND + 2)
  const final = bounds.finalTolerance
  // The last clients of the last reading go within one interval, and come back within one delay.
  const settledT =
    lastMovementT(run, final) + (scrapeIntervalSeconds + bounds.widthSeconds) * SECOND + reconnectNs(run)
  return (oldestT, t) =>
    oldestT > settledT && t > settledT
      ? [clients - final, clients + final]
      : [clients - offline - width, clients + width]
}

/** When the gauge of an old node was last seen to hold more than others may add to it. */
function lastMovementT(run: RunView, others: number): number {
  const { connectionsMetric } = run.parameters.dialect
  let last = Number.NEGATIVE_INFINITY
  for (const scrape of run.record.scrapes) {
    const node = run.nodeAt(scrape.node, scrape.t)
    if (node === undefined || run.nodes[node]!.side !== 'old') continue
    if (scrape.ok && (scrape.metrics[connectionsMetric] ?? 0) > others) last = Math.max(last, scrape.t)
  }
  return last
}
