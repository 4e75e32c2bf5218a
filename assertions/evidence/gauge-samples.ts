import type { RunView } from '#weir/record/view/index.ts'
import { oncePerRun } from './once.ts'

/** One node's readings of one gauge, in order of time. A reading is true of some moment up to its staleness before `askedT`. */
export interface GaugeSamples {
  node: number
  metric: string
  askedT: Float64Array
  t: Float64Array
  value: Float64Array
}

const known = oncePerRun(() => new Map<string, Map<number, GaugeSamples>>())

/** All readings of a metric by node. Failed scrapes, and nodes whose version lacks the metric, give none. */
export function samplesByNode(run: RunView, metric: string): ReadonlyMap<number, GaugeSamples> {
  const found = known(run).get(metric) ?? readSamples(run, metric)
  known(run).set(metric, found)
  return found
}

function readSamples(run: RunView, metric: string): Map<number, GaugeSamples> {
  const lists = new Map<number, { askedT: number[]; t: number[]; value: number[] }>()
  for (const scrape of run.record.scrapes) {
    const value = scrape.ok ? scrape.metrics[metric] : undefined
    const node = nodeOfScrape(run, scrape)
    if (value === undefined || node === undefined) continue
    let list = lists.get(node)
    if (list === undefined) {
      list = { askedT: [], t: [], value: [] }
      lists.set(node, list)
    }
    list.askedT.push(scrape.t - scrape.tookNs)
    list.t.push(scrape.t)
    list.value.push(value)
  }
  return new Map(
    [...lists].map(([node, list]) => [
      node,
      {
        node,
        metric,
        askedT: Float64Array.from(list.askedT),
        t: Float64Array.from(list.t),
        value: Float64Array.from(list.value),
      },
    ]),
  )
}

/** The node that answered a scrape. */
export function nodeOfScrape(
  run: RunView,
  scrape: { node: string; pod: string; t: number },
): number | undefined {
  const named = run.nodeAt(scrape.node, scrape.t)
  if (named !== undefined) return named
  const node = run.nodeOfPodAt(scrape.pod, scrape.t)
  return node < 0 ? undefined : node
}
