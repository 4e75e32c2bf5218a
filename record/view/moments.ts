import type { MarkName } from '#weir/facts/index.ts'
import type { RunRecord } from '../run-record.ts'
import type { EventsOf } from './events-by-type.ts'
import type { BeginsToEvict } from './rebalance-donors.ts'
import type { EvacuationView, Evictions, Moments, NodeView } from './types.ts'

/** How much later than the drop of its clients a pod's deletion may be observed. */
const WATCH_LAG_NS = 1e9

/** When each mark was set first. */
export function marksOf(of: EventsOf): ReadonlyMap<MarkName, number> {
  const marks = new Map<MarkName, number>()
  for (const mark of of('mark')) if (!marks.has(mark.name)) marks.set(mark.name, mark.t)
  return marks
}

export function momentsOf(
  record: RunRecord,
  marks: ReadonlyMap<MarkName, number>,
  evictions: Evictions,
  evacuations: readonly EvacuationView[],
  donors: readonly BeginsToEvict[],
  nodes: readonly NodeView[],
): Moments {
  const moments: Moments = { end: endOf(record) }
  const put = (key: Exclude<keyof Moments, 'end' | 'firstEvictionUnseen'>, t: number | undefined) => {
    if (t !== undefined) moments[key] = t
  }
  put('clusterReady', marks.get('cluster-ready'))
  put('fleetReady', marks.get('fleet-ready'))
  put('trigger', marks.get('trigger'))
  put('changeDone', marks.get('upgrade-done') ?? marks.get(lastDone(record)))
  put('holdEnd', marks.get('hold-end'))
  put('fleetStopping', fleetStoppingOf(record, marks))
  const begun = [...evacuatedOf(evacuations), ...donors]
  const first = firstEvictionOf(record, moments.trigger, evictions, begun, nodes)
  put('firstEviction', first.t)
  if (first.isUnseen) moments.firstEvictionUnseen = true
  return moments
}

/** Of a rebalance its own end: that of the operation before it, which made the nodes uneven, is none. */
const lastDone = ({ events }: RunRecord): MarkName =>
  events.some((event) => event.type === 'rebalance' && event.rebalances.length > 0)
    ? 'rebalance-done'
    : 'operation-done'

/** When the fleet began to leave, or others came beside it, whom gauges and rates count too. */
function fleetStoppingOf({ events }: RunRecord, marks: ReadonlyMap<MarkName, number>): number | undefined {
  const stopping = marks.get('fleet-stopping')
  const newcomers = events.find((event) => event.type === 'newcomers')
  if (newcomers === undefined) return stopping
  return Math.min(newcomers.fromT, stopping ?? Number.POSITIVE_INFINITY)
}

/** Samples of the evacuation status further apart than this may miss an evacuation. */
const STATUS_GAP_NS = 3e9

const evacuatedOf = (evacuations: readonly EvacuationView[]): BeginsToEvict[] =>
  evacuations.flatMap(({ node, states }) => {
    const begun = states.find((one) => one.state !== 'waiting_health_check')
    return begun === undefined ? [] : [{ node, notBeforeT: begun.notBeforeT, seenT: begun.seenT }]
  })

/**
 * The first eviction by a node that may have begun to evict, or by one whose pod is deleted while clients are connected; else the
 * first sample of a state in which a node evicts. `isUnseen`: it fell into a pause between samples, so any node may have evicted, or one
 * before it was of a client whose node no listing tells.
 */
function firstEvictionOf(
  record: RunRecord,
  triggerT: number | undefined,
  evictions: Evictions,
  begun: readonly BeginsToEvict[],
  nodes: readonly NodeView[],
): { t?: number; isUnseen?: boolean } {
  const mayEvictFrom = new Map<number, number>()
  let firstStateT: number | undefined
  for (const { node, notBeforeT, seenT } of begun) {
    mayEvictFrom.set(node, Math.min(notBeforeT, mayEvictFrom.get(node) ?? Infinity))
    firstStateT = Math.min(seenT, firstStateT ?? Infinity)
  }
  nodes.forEach((node, index) => {
    if (node.side !== 'old' || node.deletingT === undefined) return
    mayEvictFrom.set(index, Math.min(node.deletingT - WATCH_LAG_NS, mayEvictFrom.get(index) ?? Infinity))
  })
  const anyFrom = Math.min(...mayEvictFrom.values())
  let isUnlisted = false
  for (let i = 0; i < evictions.length; i++) {
    const t = evictions.t[i]!
    const node = evictions.node[i]!
    const from = mayEvictFrom.get(node)
    if (from !== undefined && t >= from) return { t, isUnseen: isUnlisted }
    if (nodes[node] === undefined && t >= anyFrom) isUnlisted = true
    if (nodes[node]?.side !== 'new' && isUnsampled(record, t, triggerT ?? 0)) return { t, isUnseen: true }
  }
  return { t: firstStateT }
}

/** Whether `t` lies in a pause between two samples, or between the trigger and the first one. */
function isUnsampled({ events }: RunRecord, t: number, fromT: number): boolean {
  const samples = events.filter((event) => event.type === 'evacuation')
  if (samples.length === 0) return false
  const before = samples.findLast((sample) => sample.t <= t)
  const after = samples.find((sample) => sample.t > t)
  return after !== undefined && after.t - Math.max(fromT, before?.t ?? fromT) > STATUS_GAP_NS
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
