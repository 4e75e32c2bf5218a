import { hostOf } from '#weir/facts/index.ts'
import type { RunRecord } from '../run-record.ts'
import { targetsOfRows } from './connection-targets.ts'
import { connectionCovering } from './connections.ts'
import type { EventsOf } from './events-by-type.ts'
import type { NodeTable } from './nodes.ts'
import type { Connections, ListedTwice } from './types.ts'

const UNKNOWN = -1
/** Listings contradict each other about this connection. Becomes UNKNOWN at the end. */
const CONTRADICTED = -2

/**
 * Finds the node of each connection. A connection to a pod's address is on that pod. For one through a Service, listings decide: the
 * node that lists the client, requested and answered while the same connection was open. Contradicting listings leave it unknown.
 */
export function attributeConnections(
  record: RunRecord,
  of: EventsOf,
  table: NodeTable,
  rows: Connections,
): ListedTwice[] {
  fromAddresses(record, table, rows)
  const listedTwice = fromListings(record, of, table, rows)
  let unknown = 0
  for (let row = 0; row < rows.length; row++) {
    if (rows.node[row]! < 0) {
      rows.node[row] = UNKNOWN
      unknown++
    }
  }
  rows.unknownShare = rows.length === 0 ? 0 : unknown / rows.length
  return listedTwice
}

function fromAddresses(record: RunRecord, table: NodeTable, rows: Connections): void {
  const { clients } = record
  const hosts = clients.targets.map((target) => hostOf(target).host)
  if (!hosts.some((host) => table.addressAt(host, 0) >= 0)) return
  for (const [row, target] of targetsOfRows(clients, rows).entries())
    rows.node[row] = table.addressAt(hosts[target] ?? '', rows.from[row]!)
}

function fromListings(record: RunRecord, of: EventsOf, table: NodeTable, rows: Connections): ListedTwice[] {
  const listings = of('listing')
  const twice = new Map<number, ListedTwice>()
  if (listings.length === 0) return []
  const indexOf = new Map(record.fleet.ids.map((id, index) => [id, index]))
  const clients = rows.firstOf.length - 1
  const lastAskedT = new Float64Array(rows.length)
  for (const listing of listings) {
    const node = table.nameAt(listing.node, listing.t)
    const askedT = listing.t - listing.tookNs
    if (node < 0) continue
    for (const id of listing.connected) {
      const client = indexOf.get(id)
      if (client === undefined || client >= clients) continue
      const row = connectionCovering(rows, client, askedT, listing.t)
      if (row < 0) continue
      const known = rows.node[row]!
      if (known === UNKNOWN) rows.node[row] = node
      if (known === UNKNOWN || known === node) lastAskedT[row] = askedT
      else noteTwice(twice, rows, row, node, askedT, lastAskedT[row]!)
    }
  }
  return [...twice.values()]
}

function noteTwice(
  twice: Map<number, ListedTwice>,
  rows: Connections,
  row: number,
  node: number,
  askedT: number,
  knownAskedT: number,
): void {
  const known = twice.get(row)
  if (known === undefined) {
    twice.set(row, { connection: row, nodes: [rows.node[row]!, node], lastAskedT: [knownAskedT, askedT] })
    rows.node[row] = CONTRADICTED
    return
  }
  const at = known.nodes.indexOf(node)
  if (at >= 0) known.lastAskedT[at] = askedT
}
