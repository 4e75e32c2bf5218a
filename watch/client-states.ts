import { type ClientEvents, CLIENT_KIND as KIND } from '#weir/facts/index.ts'

/** What is told of the end of a connection and of an absence. */
export interface ClientChanges {
  /** A connection ended against the wish of its client. `node`: where a listing has shown the client since it connected. */
  lost(t: number, node: string | undefined): void
  /** A client that had lost a connection has a new one. */
  back(absentNs: number): void
}

const UNKNOWN = -1
const CONTRADICTED = -2

/** Follows the clients of a fleet by their events: who is connected, where, and since when. */
export class ClientStates {
  /** Attempts, and what became of those without a connection. */
  attempts = 0
  refused = 0
  failed = 0
  online = 0
  /** Clients that lost a connection, have no new one yet, and do not stay away by plan. */
  offline = 0
  readonly #changes: ClientChanges
  #clientOf: ReadonlyMap<string, number> = new Map()
  /** Since when each client is connected; NaN while it is not. */
  readonly #since: number[] = []
  /** Since when it is offline without its wish; NaN while it is not. */
  readonly #lostAt: number[] = []
  /** Index into `#nodes` of each client's node. */
  readonly #node: number[] = []
  readonly #nodes: string[] = []

  constructor(changes: ClientChanges) {
    this.#changes = changes
  }

  fleet(ids: readonly string[]): void {
    this.#clientOf = new Map(ids.map((id, client) => [id, client]))
  }

  add(batch: ClientEvents): void {
    for (let row = 0; row < batch.length; row++) {
      const client = batch.client[row]!
      const t = batch.t[row]!
      switch (batch.kind[row]) {
        case KIND.attempt:
          this.attempts++
          break
        case KIND.refused:
          this.refused++
          break
        case KIND.failed:
          // Attempts cut off by the end of the run are no failures.
          if (batch.reasons[batch.reason[row]!] !== 'stopped') this.failed++
          break
        case KIND.connected:
          this.#connected(client, t)
          break
        case KIND.disconnected:
          this.#ended(client, t, batch.reasons[batch.reason[row]!] === 'stopped')
          break
        case KIND.left:
          this.#ended(client, t, true)
          break
        case KIND.away:
          this.#returned(client)
      }
    }
  }

  /** A node lists its clients. It counts for connections that were open when it was asked. */
  listed(node: string, ids: readonly string[], askedT: number): void {
    let index = this.#nodes.indexOf(node)
    if (index < 0) index = this.#nodes.push(node) - 1
    for (const id of ids) {
      const client = this.#clientOf.get(id)
      if (client === undefined || !(this.#since[client]! <= askedT)) continue
      const known = this.#node[client]!
      if (known === UNKNOWN) this.#node[client] = index
      else if (known !== index) this.#node[client] = CONTRADICTED
    }
  }

  #connected(client: number, t: number): void {
    // A connection whose end was not recorded ended at the latest when the same client came back.
    this.#ended(client, t, false)
    const lostAt = this.#lostAt[client] ?? Number.NaN
    if (!Number.isNaN(lostAt)) this.#changes.back(t - lostAt)
    this.#returned(client)
    this.#since[client] = t
    this.#node[client] = UNKNOWN
    this.online++
  }

  #ended(client: number, t: number, isOwn: boolean): void {
    if (Number.isNaN(this.#since[client] ?? Number.NaN)) return
    this.#since[client] = Number.NaN
    this.online--
    if (isOwn) return
    this.#lostAt[client] = t
    this.offline++
    this.#changes.lost(t, this.#nodes[this.#node[client]!])
  }

  #returned(client: number): void {
    if (Number.isNaN(this.#lostAt[client] ?? Number.NaN)) return
    this.#lostAt[client] = Number.NaN
    this.offline--
  }
}
