import type { RunView } from '#weir/record/view/index.ts'
import { axisSeconds, type TimeAxis } from './axis.ts'
import { nodeOfPodAt } from './labels.ts'

/** One node's gauges as scraped. A scrape that failed is null, never zero. */
export interface ScrapedNode {
  node: number
  seconds: number[]
  live: (number | null)[]
  channels: (number | null)[]
}

const MOST_POINTS = 1500

/** Gauges of each pod: live connections, and the channel count that the EMQX pages show. */
export function scrapedPerNode(run: RunView, axis: TimeAxis): ScrapedNode[] {
  if (!run.hasParameters) return []
  const { liveConnectionsMetric, connectionsMetric } = run.parameters.dialect
  const perNode = run.nodes.map((_, node): ScrapedNode => ({ node, seconds: [], live: [], channels: [] }))
  for (const scrape of run.record.scrapes) {
    const node = nodeOfPodAt(run, scrape.pod, scrape.t)
    const points = node === undefined ? undefined : perNode[node]
    if (!points) continue
    points.seconds.push(axisSeconds(axis, scrape.t))
    points.live.push(scrape.ok ? (scrape.metrics[liveConnectionsMetric] ?? null) : null)
    points.channels.push(scrape.ok ? (scrape.metrics[connectionsMetric] ?? null) : null)
  }
  return perNode.filter((points) => points.seconds.length > 0).map(thinned)
}

/** Every n-th point of a very long run: a gauge is a sample already, so thinning it is no distortion. */
function thinned(points: ScrapedNode): ScrapedNode {
  const step = Math.ceil(points.seconds.length / MOST_POINTS)
  if (step <= 1) return points
  const keep = <T>(values: T[]) => values.filter((_, index) => index % step === 0)
  return {
    node: points.node,
    seconds: keep(points.seconds),
    live: keep(points.live),
    channels: keep(points.channels),
  }
}
