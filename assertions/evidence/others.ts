import type { RunView } from '#weir/record/view/index.ts'
import { rangeWithin, type StepCount, stepCount } from '../statistics/index.ts'
import { connectedCounts } from './connected-counts.ts'
import { samplesByNode } from './gauge-samples.ts'
import { oncePerRun } from './once.ts'

/** What gauges count besides the fleet's clients. */
export interface Others {
  /** Sessions without a client that each node held before the change: of earlier runs, or of somebody else. */
  sessionsOn: ReadonlyMap<number, number>
  /** The same, on all nodes together: wherever they are moved. */
  sessions: number
  /** The probe's own connections: more than one when the answers are slow. */
  probes: StepCount
  /** How many different ones there were within a span: readings of several nodes may each have seen another. */
  triesWithin(fromT: number, toT: number): number
}

/** Read from EMQX's own list of nodes, or from its gauges where a record has no such list; never from what a gauge shows later. */
export const othersOf = oncePerRun(findOthers)

function findOthers(run: RunView): Others {
  const sessionsOn = leftByNodes(run) ?? leftByGauges(run)
  const tries = triesOf(run)
  return {
    sessionsOn,
    sessions: [...sessionsOn.values()].reduce((sum, one) => sum + one, 0),
    probes: stepCount(
      tries.map(({ fromT }) => fromT),
      tries.map(({ toT }) => toT),
    ),
    triesWithin: (fromT, toT) =>
      tries.reduce((sum, one) => sum + Number(one.fromT <= toT && one.toT >= fromT), 0),
  }
}

/** When each try of the probe held a connection. Those under way when the record ends are not in it: the probe goes on as it did. */
function triesOf(run: RunView): { fromT: number; toT: number }[] {
  const tries = run.of('probe').map(({ t, tookNs }) => ({ fromT: t - tookNs, toT: t }))
  tries.sort((a, b) => a.fromT - b.fromT)
  const [before, last] = tries.slice(-2)
  const pauseNs = before && last ? last.fromT - before.fromT : 0
  const endT = run.moments.fleetStopping ?? run.moments.end
  if (!last || pauseNs <= 0) return tries
  const longestNs = Math.max(...tries.slice(-10).map(({ fromT, toT }) => toT - fromT))
  for (let fromT = last.fromT + pauseNs; fromT < Math.min(endT, last.toT + longestNs); fromT += pauseNs)
    tries.push({ fromT, toT: endT })
  return tries
}

function leftByNodes(run: RunView): Map<number, number> | undefined {
  const trigger = run.moments.trigger ?? 0
  const look = run
    .of('nodes')
    .findLast(({ t, nodes }) => t <= trigger && nodes.some(({ connections }) => connections))
  if (!look) return undefined
  const { onNode } = connectedCounts(run)
  const left = new Map<number, number>()
  for (const { node, connections, liveConnections } of look.nodes) {
    const index = run.nodeAt(node, look.t)
    if (index === undefined || connections === undefined) continue
    const own = onNode.get(index)
    const connected = liveConnections ?? (own ? rangeWithin(own, look.t - look.tookNs, look.t).most : 0)
    left.set(index, Math.max(0, connections - connected))
  }
  return left
}

function leftByGauges(run: RunView): Map<number, number> {
  const { connectionsMetric, liveConnectionsMetric } = run.parameters.dialect
  const trigger = run.moments.trigger ?? 0
  const lastBefore = (metric: string) =>
    [...samplesByNode(run, metric)].flatMap(([node, { t, value }]) => {
      const at = t.findLastIndex((one) => one <= trigger)
      return at < 0 ? [] : [[node, value[at]!] as const]
    })
  const live = new Map(lastBefore(liveConnectionsMetric))
  return new Map(
    lastBefore(connectionsMetric).flatMap(([node, channels]) => {
      const connected = live.get(node)
      return connected === undefined ? [] : [[node, Math.max(0, channels - connected)] as const]
    }),
  )
}
