import type { BreachCounts } from './protocol-breaches.ts'

/**
 * What can happen to a client. Records store these words, so new kinds go at the end and none is renamed.
 *
 * `scheduled` is the planned instant (open loop); `attempt` opens a connection; an attempt ends in `connected` (CONNACK 0), `refused`
 * (CONNACK with another code) or `failed` (no CONNACK). A connection ends in `disconnected` (not requested by the client) or `left`
 * (a planned DISCONNECT). `gave-up`: the reconnect policy stopped, so the client is lost. `away`: the client stays offline by plan.
 *
 * `subscribed`: every SUBACK of this connection granted what was requested. `subscribe-refused`: the first refusal on this connection;
 * `code` is the reason code (-1: not sent, because the server's CONNACK rules it out, MQTT 5 §3.2.2.3). `subscribe-unanswered`: the connection ended with a SUBACK due. None occurs when a kept
 * session still holds the subscriptions, because no SUBSCRIBE is sent then, nor in records of versions that did not write them.
 */
export const CLIENT_EVENT_KINDS = [
  'scheduled',
  'attempt',
  'connected',
  'refused',
  'failed',
  'disconnected',
  'left',
  'gave-up',
  'away',
  'subscribed',
  'subscribe-refused',
  'subscribe-unanswered',
] as const

export type ClientEventKind = (typeof CLIENT_EVENT_KINDS)[number]

/**
 * Why it happened. `disconnect-packet`: the server sent DISCONNECT (`code` is its reason code); `closed`: FIN without a packet;
 * `connack`: refused by CONNACK (`code`); `protocol-error`: the server broke MQTT (`code`, MQTT 5 §4.13); `certificate-untrusted`: no
 * trusted authority signed it; `certificate-expired`: or not valid yet; `certificate-name`: issued for another host; `tls-refused`: no
 * TLS handshake (`code`: the server's alert, RFC 8446 §6); `ws-refused`: no WebSocket (`code`: the HTTP status).
 */
export const CLIENT_EVENT_REASONS = [
  '',
  'disconnect-packet',
  'closed',
  'reset',
  'connack',
  'connection-refused',
  'connect-timeout',
  'connack-timeout',
  'keepalive-timeout',
  'protocol-error',
  'too-many-files',
  'address-unavailable',
  'unreachable',
  'stopped',
  'policy-exhausted',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-name',
  'tls-refused',
  'ws-refused',
] as const

export type ClientEventReason = (typeof CLIENT_EVENT_REASONS)[number]

/** Index of each kind in CLIENT_EVENT_KINDS: the value of the column `kind`. */
export const CLIENT_KIND = indexOfEach(CLIENT_EVENT_KINDS)

/** Index of each reason in CLIENT_EVENT_REASONS. */
export const CLIENT_REASON = indexOfEach(CLIENT_EVENT_REASONS)

function indexOfEach<Word extends string>(words: readonly Word[]): Record<Word, number> {
  return Object.fromEntries(words.map((word, index) => [word, index])) as Record<Word, number>
}

/** The numeric columns of client events; row i is one event. */
export interface ClientEventColumns {
  length: number
  /** Nanoseconds since the run began. */
  t: Float64Array
  /** Index of the client in the fleet table. */
  client: Uint32Array
  /** See CLIENT_KIND. */
  kind: Uint8Array
  /** Index into `reasons` of the table. */
  reason: Uint16Array
  /** MQTT reason or return code, TLS alert or HTTP status; -1 where there is none. */
  code: Int16Array
  /** 1, 0, or -1 where there is none. Only `connected` rows have it. */
  sessionPresent: Int8Array
  /** Index into `targets` of the table. */
  target: Uint16Array
  /** Port of the client's own end of the connection, of `connected` rows and of `left`; 0 where it is unknown, as in older records. */
  localPort: Uint16Array
}

/** Client events with the words that their columns refer to. A record that was read is sorted by `t`. */
export interface ClientEvents extends ClientEventColumns {
  /** Recordings of other tools may have reasons beyond CLIENT_EVENT_REASONS. */
  reasons: readonly string[]
  /** "host:port". */
  targets: readonly string[]
  /** Packets out of place that brokers sent, since the batch before. Records do not keep them. */
  breaches?: BreachCounts
}

/** Room for `rows` events, none of them filled. */
export function makeClientColumns(rows: number): ClientEventColumns {
  return {
    length: 0,
    t: new Float64Array(rows),
    client: new Uint32Array(rows),
    kind: new Uint8Array(rows),
    reason: new Uint16Array(rows),
    code: new Int16Array(rows),
    sessionPresent: new Int8Array(rows),
    target: new Uint16Array(rows),
    localPort: new Uint16Array(rows),
  }
}

/** Sets one row. `code` and `sessionPresent` are -1 where there is none. */
export function setClientRow(
  columns: ClientEventColumns,
  row: number,
  t: number,
  client: number,
  kind: number,
  reason: number,
  code: number,
  sessionPresent: number,
  target: number,
  localPort = 0,
): void {
  columns.t[row] = t
  columns.client[row] = client
  columns.kind[row] = kind
  columns.reason[row] = reason
  columns.code[row] = code
  columns.sessionPresent[row] = sessionPresent
  columns.target[row] = target
  columns.localPort[row] = localPort
}

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array | Int16Array | Int8Array

/** Each column put through `change`, for `length` rows. Other properties stay, so a table keeps its words. */
function mapColumns<Table extends ClientEventColumns>(
  table: Table,
  length: number,
  change: <C extends Column>(column: C) => C,
): Table {
  return {
    ...table,
    length,
    t: change(table.t),
    client: change(table.client),
    kind: change(table.kind),
    reason: change(table.reason),
    code: change(table.code),
    sessionPresent: change(table.sessionPresent),
    target: change(table.target),
    localPort: change(table.localPort),
  }
}

/** Rows [from, to) without copying them. */
export function clientRowsBetween<Table extends ClientEventColumns>(
  table: Table,
  from: number,
  to: number,
): Table {
  return mapColumns(table, to - from, (column) => column.subarray(from, to) as typeof column)
}

/** A copy of the given rows, in the given order. */
export function pickClientRows<Table extends ClientEventColumns>(
  table: Table,
  rows: ArrayLike<number>,
): Table {
  return mapColumns(table, rows.length, (column) => {
    const picked = new (column.constructor as new (length: number) => typeof column)(rows.length)
    for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i]!]!
    return picked
  })
}

/** A copy of the filled rows with room for `rows` of them (by default: no more than there are). */
export function copyClientColumns<Table extends ClientEventColumns>(
  table: Table,
  rows = table.length,
): Table {
  return mapColumns(table, table.length, (column) => {
    const copy = new (column.constructor as new (length: number) => typeof column)(rows)
    copy.set(column.subarray(0, table.length))
    return copy
  })
}

/** What a thread that sends the columns gives away with them. */
export function buffersOf({
  t,
  client,
  kind,
  reason,
  code,
  sessionPresent,
  target,
  localPort,
}: ClientEventColumns): ArrayBuffer[] {
  return [t, client, kind, reason, code, sessionPresent, target, localPort].map(
    ({ buffer }) => buffer as ArrayBuffer,
  )
}
