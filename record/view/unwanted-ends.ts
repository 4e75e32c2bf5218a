import { CLIENT_KIND, type ClientEventKind, type ClientEvents } from '#weir/facts/index.ts'
import { END } from './connections.ts'
import type { Connections, Evictions, OfflineSpells } from './types.ts'

const { refused: REFUSED, failed: FAILED, away: AWAY } = CLIENT_KIND

/** Rows of connections that ended without the client's wish before `untilT`, ordered by time. */
export function unwantedEnds(rows: Connections, untilT: number): Uint32Array {
  let count = 0
  const found = new Uint32Array(rows.length)
  for (let row = 0; row < rows.length; row++)
    if (rows.end[row] === END.unwanted && rows.to[row]! < untilT) found[count++] = row
  return found.subarray(0, count).sort((a, b) => rows.to[a]! - rows.to[b]! || a - b)
}

/** Those of the given ends that lie in [fromT, toT). */
export function evictionsWithin(rows: Connections, ends: Uint32Array, fromT: number, toT: number): Evictions {
  const connection = ends.filter((row) => rows.to[row]! >= fromT && rows.to[row]! < toT)
  return {
    length: connection.length,
    t: Float64Array.from(connection, (row) => rows.to[row]!),
    client: Uint32Array.from(connection, (row) => rows.client[row]!),
    connection,
    node: Int32Array.from(connection, (row) => rows.node[row]!),
  }
}

/** One spell for each of the given ends, in the same order: until the same client's next connection. */
export function spellsOf(rows: Connections, ends: Uint32Array, events: ClientEvents): OfflineSpells {
  const length = ends.length
  const spells: OfflineSpells = {
    length,
    client: Uint32Array.from(ends, (row) => rows.client[row]!),
    from: Float64Array.from(ends, (row) => rows.to[row]!),
    to: new Float64Array(length).fill(Number.POSITIVE_INFINITY),
    refusals: new Uint16Array(length),
    failures: new Uint16Array(length),
    fromNode: Int32Array.from(ends, (row) => rows.node[row]!),
    toNode: new Int32Array(length).fill(-1),
    away: new Uint8Array(length),
  }
  const spellOfEnd = new Int32Array(rows.length).fill(-1)
  ends.forEach((row, spell) => {
    spellOfEnd[row] = spell
    const next = row + 1
    if (next >= rows.firstOf[rows.client[row]! + 1]!) return
    spells.to[spell] = rows.from[next]!
    spells.toNode[spell] = rows.node[next]!
  })
  countWithin(rows, spells, spellOfEnd, events)
  return spells
}

/** Refusals, failures and plans to stay away, given to the spell in which they happened. */
function countWithin(
  rows: Connections,
  spells: OfflineSpells,
  spellOfEnd: Int32Array,
  events: ClientEvents,
): void {
  for (let i = 0; i < events.length; i++) {
    const kind = events.kind[i]!
    if (kind !== REFUSED && kind !== FAILED && kind !== AWAY) continue
    const row = lastConnectionBefore(rows, events.client[i]!, events.t[i]!)
    const spell = row < 0 ? -1 : spellOfEnd[row]!
    if (spell < 0 || events.t[i]! < spells.from[spell]!) continue
    if (kind === REFUSED) spells.refusals[spell]!++
    else if (kind === FAILED) spells.failures[spell]!++
    else spells.away[spell] = 1
  }
}

function lastConnectionBefore(rows: Connections, client: number, t: number): number {
  for (let row = rows.firstOf[client + 1]! - 1; row >= rows.firstOf[client]!; row--)
    if (rows.from[row]! <= t) return row
  return -1
}

/** Times of events of one kind in [fromT, toT), ascending. */
export function timesOfKind(
  events: ClientEvents,
  kind: ClientEventKind,
  fromT: number,
  toT: number,
): Float64Array {
  const wanted = CLIENT_KIND[kind]
  return events.t
    .subarray(0, events.length)
    .filter((t, row) => events.kind[row] === wanted && t >= fromT && t < toT)
}
