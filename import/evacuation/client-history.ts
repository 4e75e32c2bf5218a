import { CLIENT_KIND, type ClientEventKind, type FleetTable } from '#weir/facts/index.ts'
import { ClientColumns } from '#weir/record/client-columns.ts'
import type { ClientRow } from './recording.ts'

/** A client that lost its connection and never reconnected. */
export interface Silent {
  client: number
  /** Its last row. */
  tMs: number
  /** True when a session may wait for it. */
  persistent: boolean
  /** True if it tried to reconnect. */
  tried: boolean
}

export interface History {
  fleet: FleetTable
  columns: ClientColumns
  silent: Silent[]
  /** Milliseconds from the loss of a connection to the first attempt after it. */
  waitsMs: number[]
  /** Times of unwanted ends by node. */
  lossesMs: Map<string, number[]>
}

interface State {
  client: number
  open: boolean
  lostMs: number | undefined
  tried: boolean
  lastMs: number
  /** The recorder said so itself. */
  gaveUp?: boolean
}

/**
 * Client rows as a record's events, in nanoseconds since `zeroMs`. A close is an end only while a connection is open:
 * the one after a DISCONNECT, and the one after a refusing CONNACK, are ignored. From `closingMs` on closes are
 * the recorder's own (`left`).
 */
export function historyOf(
  rows: readonly ClientRow[],
  zeroMs: number,
  closingMs: number | undefined,
): History {
  const fleet = fleetIn(rows)
  const columns = new ClientColumns()
  const states = new Map<string, State>()
  const history: History = { fleet, columns, silent: [], waitsMs: [], lossesMs: new Map() }
  const indexOf = new Map(fleet.ids.map((id, index) => [id, index]))
  const isClosing = (tMs: number) => closingMs !== undefined && tMs >= closingMs
  for (const row of rows) {
    const client = indexOf.get(row.client)!
    let state = states.get(row.client)
    if (state === undefined) {
      state = { client, open: false, lostMs: undefined, tried: false, lastMs: row.tMs }
      states.set(row.client, state)
    }
    const add = (tMs: number, kind: ClientEventKind, reason = '', code = -1, session = -1) =>
      columns.addRow(
        Math.round((tMs - zeroMs) * 1e6),
        client,
        CLIENT_KIND[kind],
        columns.reason(reason),
        code,
        session,
        columns.target(targetOf(row.node)),
      )
    state.lastMs = row.tMs
    if (row.event === 'gave-up') {
      add(row.tMs, 'gave-up', 'policy-exhausted')
      state.gaveUp = true
      continue
    }
    if (row.event === 'connack' || row.event === 'failed') {
      const attemptMs = row.tMs - row.latencyMs
      add(attemptMs, 'attempt')
      if (row.event === 'failed') add(row.tMs, 'failed', 'connack-timeout')
      else if (row.rc === 0) add(row.tMs, 'connected', '', 0, row.sessionPresent)
      else add(row.tMs, 'refused', 'connack', row.rc)
      if (state.lostMs !== undefined && !state.tried) history.waitsMs.push(attemptMs - state.lostMs)
      state.tried = true
      state.open = row.event === 'connack' && row.rc === 0
      if (state.open) state.lostMs = undefined
    } else if (state.open) {
      state.open = false
      if (isClosing(row.tMs)) add(row.tMs, 'left')
      else {
        if (row.event === 'disconnect') add(row.tMs, 'disconnected', 'disconnect-packet', row.rc)
        else add(row.tMs, 'disconnected', 'closed')
        state.lostMs = row.tMs
        state.tried = false
        push(history.lossesMs, row.node, row.tMs)
      }
    }
  }
  for (const state of states.values()) {
    if (state.open || state.lostMs === undefined || state.gaveUp) continue
    const { persistent } = fleet.groups[fleet.group[state.client]!]!
    history.silent.push({ client: state.client, tMs: state.lastMs, persistent, tried: state.tried })
  }
  history.silent.sort((a, b) => a.tMs - b.tMs)
  return history
}

/** "host:port" of a node named by host, or as name@host. EMQX's default MQTT port: the recordings lack theirs. */
export function targetOf(node: string): string {
  return node === '' ? '' : `${hostOf(node)}:1883`
}

export function hostOf(node: string): string {
  return node.slice(node.lastIndexOf('@') + 1)
}

/** One event of that kind for each of the clients, at its last row. */
export function addEnds(
  columns: ClientColumns,
  kind: 'away' | 'gave-up',
  clients: readonly Silent[],
  zeroMs: number,
): void {
  const reason = columns.reason(kind === 'away' ? '' : 'policy-exhausted')
  for (const one of clients)
    columns.addRow(
      Math.round((one.tMs - zeroMs) * 1e6),
      one.client,
      CLIENT_KIND[kind],
      reason,
      -1,
      -1,
      columns.target(''),
    )
}

/** Groups are the recorder's classes; without classes, a client that ever found a session is persistent. */
function fleetIn(rows: readonly ClientRow[]): FleetTable {
  const classes = new Map<string, string>()
  const found = new Set<string>()
  for (const row of rows) {
    if (!classes.has(row.client) || classes.get(row.client) === '') classes.set(row.client, row.class)
    if (row.sessionPresent === 1) found.add(row.client)
  }
  const nameOf = (id: string) => classes.get(id) || (found.has(id) ? 'persistent' : 'clean')
  const ids = [...classes.keys()]
  const names = [...new Set(ids.map(nameOf))]
  return {
    ids,
    group: ids.map((id) => names.indexOf(nameOf(id))),
    groups: names.map((name) => ({
      name,
      protocol: /3\.?1\.?1|v?3/.test(name) ? '3.1.1' : '5',
      persistent: /persist/i.test(name),
      subscribed: true,
    })),
  }
}

function push(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
