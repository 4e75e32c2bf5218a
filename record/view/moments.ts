import type { MarkName } from '#weir/facts/index.ts'
import type { RunRecord } from '../run-record.ts'
import type { EvacuationView, Evictions, Moments, NodeView } from './types.ts'

/** How much later than the drop of its clients a pod's deletion may be observed. */
const WATCH_LAG_NS = 1e9

export function momentsOf(
  record: RunRecord,
  marks: ReadonlyMap<MarkName, number>,
  evictions: Evictions,
  evacuations: readonly EvacuationView[],
  nodes: readonly NodeView[],
): Moments {
  const moments: Moments = { end: endOf(record) }
  const put = (key: Exclude<keyof Moments, 'end'>, t: number | undefined) => {
    if (t !== undefined) moments[key] = t
  }
  put('clusterReady', marks.get('cluster-ready'))
  put('fleetReady', marks.get('fleet-ready'))
  put('trigger', marks.get('trigger'))
  put('upgradeDone', marks.get('upgrade-done'))
  put('holdEnd', marks.get('hold-end'))
  put('fleetStopping', marks.get('fleet-stopping'))
  put('firstEviction', firstEvictionOf(evictions, evacuations, nodes))
  return moments
}

/**
 * The first eviction by a node that may have begun to evict, or by one whose pod is deleted while clients are connected; else the
 * first sample of a state in which a node evicts.
 */
function firstEvictionOf(
  evictions: Evictions,
  evacuations: readonly EvacuationView[],
  nodes: readonly NodeView[],
): number | undefined {
  const mayEvictFrom = new Map<number, number>()
  let firstStateT: number | undefined
  for (const evacuation of evacuations) {
    const begun = evacuation.states.find((one) => one.state !== 'waiting_health_check')
    if (begun === undefined) continue
    mayEvictFrom.set(
      evacuation.node,
      Math.min(begun.notBeforeT, mayEvictFrom.get(evacuation.node) ?? Infinity),
    )
    firstStateT = Math.min(begun.seenT, firstStateT ?? Infinity)
  }
  nodes.forEach((node, index) => {
    if (node.side !== 'old' || node.deletingT === undefined) return
    mayEvictFrom.set(index, Math.min(node.deletingT - WATCH_LAG_NS, mayEvictFrom.get(index) ?? Infinity))
  })
  for (let i = 0; i < evictions.length; i++) {
    const from = mayEvictFrom.get(evictions.node[i]!)
    if (from !== undefined && evictions.t[i]! >= from) return evictions.t[i]!
  }
  return firstStateT
}

function endOf(record: RunRecord): number {
  const { clients, events, scrapes, manifest } = record
  return Math.max(
    clients.length > 0 ? clients.t[clients.length - 1]! : 0,
    events.at(-1)?.t ?? 0,
    scrapes.at(-1)?.t ?? 0,
    manifest.end?.t ?? 0,
  )
}
