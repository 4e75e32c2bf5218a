import type { WatchGapEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '../run-record.ts'
import { attributeConnections } from './attribution.ts'
import { connectionsOf } from './connections.ts'
import { evacuationsOf } from './evacuations.ts'
import { eventsByType } from './events-by-type.ts'
import { marksOf, momentsOf } from './moments.ts'
import { nodesOf } from './nodes.ts'
import { donorsOf } from './rebalance-donors.ts'
import type { RunView, WatchGap } from './types.ts'
import { evictionsWithin, spellsOf, timesOfKind, unwantedEnds } from './unwanted-ends.ts'

/** The record as connections, nodes and evacuations. Columns throughout: 100,000 clients make no object each. */
export function viewOf(record: RunRecord): RunView {
  const of = eventsByType(record.events)
  const marks = marksOf(of)
  const triggerT = marks.get('trigger')
  const stoppingT = marks.get('fleet-stopping') ?? Number.POSITIVE_INFINITY
  const { replaces } = record.manifest.parameters?.dialect ?? {}
  const table = nodesOf(of, record.scrapes, triggerT, replaces)
  const connections = connectionsOf(record.clients, clientsIn(record))
  const listedTwice = attributeConnections(record, of, table, connections)
  const ends = unwantedEnds(connections, stoppingT)
  const afterT = triggerT ?? Number.POSITIVE_INFINITY
  const evictions = evictionsWithin(connections, ends, afterT, stoppingT)
  const evacuations = evacuationsOf(of, table)
  const gaps = gapsOf(of('watch-gap'))
  return {
    record,
    get parameters() {
      if (record.manifest.parameters !== undefined) return record.manifest.parameters
      throw new Error('the run ended before its parameters were resolved')
    },
    hasParameters: record.manifest.parameters !== undefined,
    nodes: table.nodes,
    nodeByName: table.byName,
    nodeAt: (name, t) => (table.byName.has(name) ? table.nameAt(name, t) : undefined),
    nodeByPod: table.byPod,
    nodeOfPodAt: table.podAt,
    connections,
    evictions,
    lossesBeforeTrigger: evictionsWithin(connections, ends, Number.NEGATIVE_INFINITY, afterT),
    spells: spellsOf(connections, ends, record.clients),
    listedTwice,
    attempts: timesOfKind(record.clients, 'attempt', afterT, stoppingT),
    evacuations,
    moments: momentsOf(record, marks, evictions, evacuations, donorsOf(of, table), table.nodes),
    of,
    gaps,
    blind: (kind, fromT, toT) =>
      gaps.some((gap) => gap.kind === kind && gap.fromT <= toT && gap.toT >= fromT),
  }
}

/**
 * A gap is recorded when it is noticed and again when it ends. One whose end is not in the record lasts as long as the record; one in which
 * nothing happened is none.
 */
function gapsOf(rows: readonly WatchGapEvent[]): WatchGap[] {
  const gaps = new Map<string, WatchGap>()
  for (const { kind, fromT, t, unchanged } of rows) {
    const key = `${kind} ${fromT}`
    if (unchanged) gaps.delete(key)
    else gaps.set(key, { kind, fromT, toT: gaps.has(key) ? t : Number.POSITIVE_INFINITY })
  }
  return [...gaps.values()]
}

function clientsIn(record: RunRecord): number {
  let clients = record.fleet.ids.length
  for (const client of record.clients.client) if (client >= clients) clients = client + 1
  return clients
}
