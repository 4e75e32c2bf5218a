import type { RunView } from '#weir/record/view/index.ts'
import { nodeOfScrape } from './gauge-samples.ts'
import { unscraped } from './unscraped.ts'
import { SECOND } from './wording.ts'

/**
 * Share of the scrapes that should have been there and were, over all nodes: from a node's first good scrape until its
 * pod was deleted, one each interval; of a node without a good one, from when on it may hold clients. Undefined when nothing was scraped.
 */
export function scrapeCoverage(run: RunView, fromT: number, toT: number): number | undefined {
  const intervalNs = run.parameters.scrapeIntervalSeconds * SECOND
  const nodes = new Map<number, { good: number; all: number; firstT: number; lastT: number }>()
  for (const scrape of run.record.scrapes) {
    const node = nodeOfScrape(run, scrape)
    if (node === undefined || scrape.t > toT) continue
    if (scrape.t < fromT) {
      // A node that was scraped before must be scraped from the beginning: a gap there is one too.
      if (scrape.ok) nodes.set(node, { good: 0, all: 0, firstT: fromT, lastT: fromT })
      continue
    }
    const { deletingT, deletedT } = run.nodes[node]!
    if (scrape.t >= (deletingT ?? deletedT ?? Number.POSITIVE_INFINITY)) continue
    const seen = nodes.get(node)
    if (seen !== undefined) {
      seen.all++
      seen.good += Number(scrape.ok)
      seen.lastT = scrape.t
    } else if (scrape.ok) nodes.set(node, { good: 1, all: 1, firstT: scrape.t, lastT: scrape.t })
  }
  let good = 0
  let expected = 0
  for (const [node, seen] of nodes) {
    const { deletingT, deletedT } = run.nodes[node]!
    const endT = Math.min(deletingT ?? deletedT ?? Number.POSITIVE_INFINITY, toT)
    const untilT = run.of('pod').length > 0 ? endT : seen.lastT
    good += seen.good
    expected += Math.max(seen.all, Math.floor((untilT - seen.firstT) / intervalNs))
  }
  if (expected === 0) return undefined
  for (const one of unscraped(run, (node) => nodes.has(node))) {
    const untilT = Math.min(run.nodes[one.node]!.deletingT ?? one.deletedT, toT)
    expected += Math.max(0, Math.floor((untilT - Math.max(one.fromT, fromT)) / intervalNs))
  }
  return good / expected
}
