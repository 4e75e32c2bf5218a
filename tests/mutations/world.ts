import {
  CLIENT_EVENT_KINDS,
  type ClientEventKind,
  type Evacuation,
  type RecordEvent,
} from '#weir/facts/index.ts'
import { ClientColumns } from '#weir/record/client-columns.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { type RunView, viewOf } from '#weir/record/view/index.ts'
import { Presence } from './presence.ts'

/** One client event that a mutation may change. `node` is an index into the view's nodes, of `connected` rows only. */
export interface Row {
  t: number
  client: number
  kind: ClientEventKind
  reason: string
  code: number
  session: number
  target: string
  node: number
}

/** A client's loss of one connection, and the rows until it is back and has subscribed. */
export interface Move {
  client: number
  node: number
  lost: Row
  /** Attempts, refusals, the connection, its SUBACK. */
  back: Row[]
}

/**
 * A record whose clients can be moved. `record()` makes what the harness would then have seen: gauges, `/nodes`, listings and
 * evacuation counts follow the clients.
 */
export class World {
  readonly view: RunView
  events: RecordEvent[]
  readonly #source: RunRecord
  #rows: Row[]

  constructor(source: RunRecord) {
    this.#source = source
    this.view = viewOf(source)
    this.events = source.events
    this.#rows = rowsOf(source, this.view)
  }

  get rows(): readonly Row[] {
    return this.#rows
  }

  get persistent(): (client: number) => boolean {
    const { fleet } = this.#source
    return (client) => fleet.groups[fleet.group[client]!]!.persistent
  }

  /** Losses of old nodes' clients after the trigger, in order of time; those of clients that came back. */
  moves(): Move[] {
    const { evictions, nodes } = this.view
    const byClient = Map.groupBy(this.#rows, (row) => row.client)
    return Array.from(evictions.t.keys()).flatMap((i) => {
      const node = evictions.node[i]!
      const rows = byClient.get(evictions.client[i]!)!
      const at = rows.findIndex((row) => row.kind === 'disconnected' && row.t === evictions.t[i])
      const until = rows.findIndex((row, index) => index > at && row.kind === 'connected')
      if (nodes[node]?.side !== 'old' || at < 0 || until < 0) return []
      const after = rows.slice(until + 1).findIndex((row) => row.kind !== 'subscribed')
      const back = rows.slice(at + 1, after < 0 ? undefined : until + 1 + after)
      return [{ client: evictions.client[i]!, node, lost: rows[at]!, back }]
    })
  }

  add(...rows: Row[]): void {
    this.#rows.push(...rows)
  }

  remove(rows: readonly Row[]): void {
    const gone = new Set(rows)
    this.#rows = this.#rows.filter((row) => !gone.has(row))
  }

  /** Changes the entries of evacuations of every sample; a sample that loses its entry no longer shows the node. */
  mapEvacuations(change: (one: Evacuation, t: number) => Evacuation | undefined): void {
    this.events = this.events.map((event) =>
      'evacuations' in event
        ? { ...event, evacuations: event.evacuations.flatMap((one) => change(one, event.t) ?? []) }
        : event,
    )
  }

  record(): RunRecord {
    const before = new Presence(rowsOf(this.#source, this.view), this.persistent)
    const record = this.withRows()
    return new Presence(this.#rows, this.persistent).shownIn(record, this.view, before)
  }

  /** The record with the rows as they are now, and all else as it was. Its account of messages belongs to the rows before. */
  withRows(): RunRecord {
    this.#rows.sort((a, b) => a.t - b.t)
    const columns = new ClientColumns()
    for (const { session, node: _, ...row } of this.#rows)
      columns.add({ ...row, ...(session >= 0 && { sessionPresent: session === 1 }) })
    const { messages: _, ...source } = this.#source
    return { ...source, clients: columns.take(), events: this.events }
  }
}

function rowsOf({ clients }: RunRecord, { connections }: RunView): Row[] {
  const next = connections.firstOf.slice()
  return Array.from({ length: clients.length }, (_, i) => {
    const client = clients.client[i]!
    const kind = CLIENT_EVENT_KINDS[clients.kind[i]!]!
    return {
      t: clients.t[i]!,
      client,
      kind,
      reason: clients.reasons[clients.reason[i]!] ?? '',
      code: clients.code[i]!,
      session: clients.sessionPresent[i]!,
      target: clients.targets[clients.target[i]!] ?? '',
      node: kind === 'connected' ? connections.node[next[client]!++]! : -1,
    }
  })
}
