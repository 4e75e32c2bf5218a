import type { RunView } from '#weir/record/view/index.ts'
import { nodeOfScrape } from './gauge-samples.ts'

/** One node's connection gauge over time, failed scrapes left out. */
export interface Gauge {
  node: number
  /** The live-connection gauge where the node has one, else the channel count. */
  metric: string
  samples: { t: number; value: number }[]
}

/** The gauges of one side's nodes, those without a single sample left out. */
export function gaugesOf(run: RunView, side: 'old' | 'new'): Gauge[] {
  return run.nodes.flatMap((node, index) => {
    if (node.side !== side) return []
    const gauge = gaugeOf(run, index)
    return gauge ? [gauge] : []
  })
}

/** One node's gauge. */
export function gaugeOf(run: RunView, index: number): Gauge | undefined {
  const { liveConnectionsMetric, connectionsMetric } = run.parameters.dialect
  const scrapes = run.record.scrapes.filter((scrape) => scrape.ok && nodeOfScrape(run, scrape) === index)
  const metric = scrapes.some(({ metrics }) => liveConnectionsMetric in metrics)
    ? liveConnectionsMetric
    : connectionsMetric
  const samples = scrapes.flatMap(({ t, metrics }) => {
    const value = metrics[metric]
    return value === undefined ? [] : [{ t, value }]
  })
  return samples.length > 0 ? { node: index, metric, samples } : undefined
}

/** The longest pause between two samples. */
export function widestHole(gauge: Gauge): { fromT: number; ns: number } {
  let widest = { fromT: 0, ns: 0 }
  for (let i = 1; i < gauge.samples.length; i++) {
    const fromT = gauge.samples[i - 1]?.t ?? 0
    const ns = (gauge.samples[i]?.t ?? 0) - fromT
    if (ns > widest.ns) widest = { fromT, ns }
  }
  return widest
}
