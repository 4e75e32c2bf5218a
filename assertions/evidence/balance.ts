import type { Rebalance } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { gaugeOf } from './gauges.ts'

/** Live connections of the nodes of a rebalance after its end, the mean of each side. */
export interface Balance {
  donors: number
  recipients: number
  /** The reading of each node, by name. */
  counts: { node: string; connections: number }[]
  fromT: number
  toT: number
}

/**
 * The first reading of each node after `doneT`, EMQX's own or its gauge's; undefined when a node has none before the fleet stops. A
 * gauge is up to `staleNs` old.
 */
export function balanceAfter(
  run: RunView,
  { donors, recipients }: Rebalance,
  doneT: number,
  staleNs: number,
): Balance | undefined {
  const untilT = run.moments.fleetStopping ?? run.moments.end
  const times: number[] = []
  const counts: Balance['counts'] = []
  const meanOf = (nodes: readonly string[]) => {
    const readings = nodes.flatMap((node) => reading(run, node, doneT, staleNs, untilT) ?? [])
    times.push(...readings.map(({ t }) => t))
    counts.push(...readings.map(({ value }, i) => ({ node: nodes[i] ?? '', connections: value })))
    return readings.length < nodes.length || nodes.length === 0
      ? undefined
      : readings.reduce((sum, { value }) => sum + value, 0) / nodes.length
  }
  const [given, taken] = [meanOf(donors), meanOf(recipients)]
  if (given === undefined || taken === undefined) return undefined
  return { donors: given, recipients: taken, counts, fromT: Math.min(...times), toT: Math.max(...times) }
}

function reading(run: RunView, name: string, doneT: number, staleNs: number, untilT: number) {
  for (const { t, tookNs, nodes } of run.of('nodes')) {
    const value = nodes.find(({ node }) => node === name)?.liveConnections
    if (value !== undefined && t - tookNs >= doneT && t < untilT) return { t, value }
  }
  const index = run.nodeByName.get(name)
  const gauge = index === undefined ? undefined : gaugeOf(run, index)
  if (gauge?.metric !== run.parameters.dialect.liveConnectionsMetric) return undefined
  return gauge.samples.find(({ t }) => t >= doneT + staleNs && t < untilT)
}

/**
 * How far donors may end below the recipients: the last tick takes R from each donor, and recipients do not have yet what was evicted
 * in the reconnect delay before it.
 */
export function overshoot(run: RunView, { donors, recipients }: Rebalance): number | undefined {
  const { connEvictRate, reconnect, unknown = [] } = run.parameters
  if (unknown.includes('connEvictRate') || unknown.includes('reconnect')) return undefined
  const tickSeconds = 1
  const underWay =
    (connEvictRate * donors.length * (tickSeconds + reconnect.maxMs / 1000)) / recipients.length
  return connEvictRate * tickSeconds + underWay
}
