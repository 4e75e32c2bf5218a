import { type ClientEvents, CLIENT_KIND as KIND } from '#weir/facts/index.ts'
import type { Connections } from './types.ts'

/** How a connection ended. */
export const END = { open: 0, unwanted: 1, own: 2 } as const

/** One row a connection, as the clients saw them; `node` is still unknown (-1) everywhere. `clients`: how many there are. */
export function connectionsOf(events: ClientEvents, clients: number): Connections {
  const firstOf = countConnections(events, clients)
  const rows = emptyRows(firstOf)
  const next = firstOf.slice(0, clients)
  const open = new Int32Array(clients).fill(-1)
  const attemptT = new Float64Array(clients).fill(Number.NaN)
  const stopped = events.reasons.indexOf('stopped')
  for (let i = 0; i < events.length; i++) {
    const client = events.client[i]!
    const kind = events.kind[i]!
    const t = events.t[i]!
    if (kind === KIND.attempt) attemptT[client] = t
    else if (kind === KIND.connected) {
      const row = next[client]!++
      // A connection whose end was not recorded ended at the latest when the same client came back.
      if (open[client]! >= 0) close(rows, open[client]!, t, END.unwanted)
      open[client] = row
      rows.client[row] = client
      rows.from[row] = t
      rows.attemptT[row] = Number.isNaN(attemptT[client]!) ? t : attemptT[client]!
      rows.sessionPresent[row] = events.sessionPresent[i]!
      rows.fromPort[row] = events.localPort[i]!
    } else if ((kind === KIND.disconnected || kind === KIND.left) && open[client]! >= 0) {
      const row = open[client]!
      const isOwn = kind === KIND.left || events.reason[i] === stopped
      close(rows, row, t, isOwn ? END.own : END.unwanted)
      rows.endReason[row] = events.reason[i]!
      rows.endCode[row] = events.code[i]!
      rows.toPort[row] = events.localPort[i]!
      open[client] = -1
    }
  }
  return rows
}

function countConnections(events: ClientEvents, clients: number): Uint32Array {
  const firstOf = new Uint32Array(clients + 1)
  for (let i = 0; i < events.length; i++)
    if (events.kind[i] === KIND.connected) firstOf[events.client[i]! + 1]!++
  for (let client = 0; client < clients; client++) firstOf[client + 1]! += firstOf[client]!
  return firstOf
}

function emptyRows(firstOf: Uint32Array): Connections {
  const length = firstOf.at(-1) ?? 0
  return {
    length,
    firstOf,
    client: new Uint32Array(length),
    attemptT: new Float64Array(length),
    from: new Float64Array(length),
    to: new Float64Array(length).fill(Number.POSITIVE_INFINITY),
    end: new Uint8Array(length),
    endReason: new Uint16Array(length),
    endCode: new Int16Array(length).fill(-1),
    sessionPresent: new Int8Array(length).fill(-1),
    fromPort: new Uint16Array(length),
    toPort: new Uint16Array(length),
    node: new Int32Array(length).fill(-1),
    unknownShare: length === 0 ? 0 : 1,
  }
}

function close(rows: Connections, row: number, t: number, end: number): void {
  rows.to[row] = t
  rows.end[row] = end
}

/** The connection of a client that was open during the whole of [fromT, toT]; -1 when there is none. */
export function connectionCovering(rows: Connections, client: number, fromT: number, toT: number): number {
  const first = rows.firstOf[client]!
  for (let row = rows.firstOf[client + 1]! - 1; row >= first; row--)
    if (rows.from[row]! <= fromT) return rows.to[row]! >= toT ? row : -1
  return -1
}
