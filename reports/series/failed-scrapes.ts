import type { Scrape } from '#weir/record/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import { nodeOfPodAt } from './node-at.ts'

/**
 * Scrapes that failed although the pod should have answered: after it had answered once, and before it was told to
 * end. A pod that is starting refuses every scrape, and that tells nobody anything.
 */
export function failedScrapes(run: RunView): Scrape[] {
  const answered = new Set<number>()
  return run.record.scrapes.filter((scrape) => {
    const node = nodeOfPodAt(run, scrape.pod, scrape.t)
    if (node === undefined) return !scrape.ok
    if (scrape.ok) answered.add(node)
    const deletingT = run.nodes[node]!.deletingT ?? Number.POSITIVE_INFINITY
    return !scrape.ok && answered.has(node) && scrape.t < deletingT
  })
}
