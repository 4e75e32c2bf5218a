import type { EventsOf } from './events-by-type.ts'
import type { NodeTable } from './nodes.ts'

/** From when on a node may evict clients, and when that was first seen. */
export interface BeginsToEvict {
  node: number
  notBeforeT: number
  seenT: number
}

/** The donors of rebalances. A sample is true at some moment between request and answer, so a state that it lacks began after the request. */
export function donorsOf(of: EventsOf, table: NodeTable): BeginsToEvict[] {
  const donors = new Map<number, BeginsToEvict>()
  let lastAskedT = Number.NEGATIVE_INFINITY
  for (const { t, tookNs, rebalances } of of('rebalance')) {
    for (const { state, donors: names } of rebalances) {
      if (state === 'wait_health_check') continue
      for (const name of names) {
        const node = table.nameAt(name, t)
        if (node >= 0 && !donors.has(node)) donors.set(node, { node, notBeforeT: lastAskedT, seenT: t })
      }
    }
    lastAskedT = t - tookNs
  }
  return [...donors.values()]
}
