import { CLIENT_KIND, type ClientEvents, pickClientRows, setClientRow } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { chanceOfAtLeast } from '../statistics/index.ts'

const { missing } = MESSAGES.verdict

const {
  attempt: ATTEMPT,
  connected: CONNECTED,
  refused: REFUSED,
  failed: FAILED,
  disconnected: DISCONNECTED,
  left: LEFT,
  'gave-up': GAVE_UP,
  away: AWAY,
  subscribed: SUBSCRIBED,
  'subscribe-refused': SUBSCRIBE_REFUSED,
  'subscribe-unanswered': SUBSCRIBE_UNANSWERED,
} = CLIENT_KIND

/** An attempt that has no outcome for so long, or a client that does not try again, has lost its rows. */
const PATIENCE_NS = 5e9
/** How long a connect usually takes: where the row of its outcome is put back. */
const CONNECT_NS = 20e6

interface Row {
  t: number
  client: number
  kind: number
  /** Row of the record that this one is, or -1 for one that was put back. */
  from: number
}

export interface Repaired {
  record: RunRecord
  /** How many rows had to be put back. */
  missing: number
  /** One of them, in words. */
  example: string
}

/**
 * A client's history has a grammar: each attempt has one outcome, each connection one end, and a client that is offline
 * retries. Where rows are missing the grammar breaks. This returns the record with the gaps filled by the most harmless
 * rows that fit, or undefined when no row is missing: a failure that goes away with them proves nothing.
 */
export function repaired(record: RunRecord): Repaired | undefined {
  const { clients, fleet, manifest } = record
  const waitNs = (manifest.parameters?.reconnect.minMs ?? 1000) * 1e6
  if (!hasAttempts(clients)) return undefined
  const isPersistent = (client: number) => fleet.groups[fleet.group[client] ?? -1]?.persistent ?? false
  const maxMs = manifest.parameters?.reconnect.maxMs ?? 1000
  const history = new History(waitNs, stoppingT(record), maxMs, isPersistent)
  for (let i = 0; i < clients.length; i++)
    history.take(clients.t[i]!, clients.client[i]!, clients.kind[i]!, i)
  history.close(fleet.ids.length)
  if (history.missing === 0) return undefined
  const [what, client] = history.example
  return {
    record: { ...record, clients: columnsOf(clients, history.rows, isPersistent) },
    missing: history.missing,
    example: MESSAGES.verdict.clientDid({ client: String(fleet.ids[client] ?? client), what }),
  }
}

/** Recordings made by other tools may have no attempts at all: their grammar is another. */
function hasAttempts(clients: ClientEvents): boolean {
  let attempts = 0
  let connected = 0
  for (let i = 0; i < clients.length; i++) {
    if (clients.kind[i] === ATTEMPT) attempts++
    if (clients.kind[i] === CONNECTED) connected++
  }
  return connected > 0 && attempts >= connected / 2
}

function stoppingT(record: RunRecord): number {
  const stopping = record.events.find((event) => event.type === 'mark' && event.name === 'fleet-stopping')
  // Clients that sit still leave no rows: the record goes on as long as anything in it does.
  return (
    stopping?.t ?? Math.max(record.clients.t[record.clients.length - 1] ?? 0, record.events.at(-1)?.t ?? 0)
  )
}

/**
 * The state of a client: `offline` before its first attempt too. A client that was turned away may wait as long as its
 * policy allows, so no row is missing then.
 */
type State = 'offline' | 'attempting' | 'online' | 'turned-away' | 'done'

/** With so many rows missing nobody knows what became of a client. */
const TORN_SHARE = 0.1
/** Less likely than this, it was no accident. */
const ACCIDENT_CHANCE = 1e-6

interface Known {
  state: State
  t: number
}

class History {
  readonly rows: Row[] = []
  missing = 0
  example: [what: string, client: number] = ['', 0]
  readonly #state = new Map<number, Known>()
  #left = 0
  #away = 0
  /** Rows whose absence would leave a gap. */
  #checked = 0
  readonly #isPersistent: (client: number) => boolean
  readonly #waitNs: number
  readonly #maxWaitNs: number
  readonly #stoppingT: number

  constructor(waitNs: number, stopping: number, maxMs: number, isPersistent: (client: number) => boolean) {
    this.#isPersistent = isPersistent
    this.#waitNs = waitNs
    this.#maxWaitNs = maxMs * 1e6
    this.#stoppingT = stopping
  }

  take(t: number, client: number, kind: number, from: number): void {
    const known = this.#state.get(client) ?? { state: 'offline' as State, t: 0 }
    // Subscriptions change nothing about where the client stands, but only a connected one has them.
    if (kind === SUBSCRIBED || kind === SUBSCRIBE_REFUSED || kind === SUBSCRIBE_UNANSWERED) {
      if (known.state !== 'online' && t < this.#stoppingT) {
        if (known.state !== 'attempting') this.#put(t, client, ATTEMPT, missing.attempt)
        this.#put(t, client, CONNECTED, missing.connectedBefore)
        this.#state.set(client, { state: 'online', t })
      }
      this.rows.push({ t, client, kind, from })
      return
    }
    if (kind === AWAY) this.#away++
    if (kind !== LEFT && kind !== AWAY) this.#checked++
    if (kind === LEFT) {
      this.#left++
      this.#settle(client, known, t)
    } else if (t < this.#stoppingT) this.#mend(known, t, client, kind)
    // Clients that go on after the end say that they were in between there.
    else if (known.t < this.#stoppingT && known.state === 'attempting')
      this.#settle(client, known, this.#stoppingT)
    this.rows.push({ t, client, kind, from })
    known.state = after(kind, known.state)
    known.t = t
    this.#state.set(client, known)
  }

  #mend(known: Known, t: number, client: number, kind: number): void {
    const isOutcome = kind === CONNECTED || kind === REFUSED || kind === FAILED
    if (known.state === 'online' && (kind === ATTEMPT || isOutcome))
      this.#put(Math.max(known.t, t - this.#waitNs), client, DISCONNECTED, missing.disconnect)
    if (known.state === 'attempting' && kind === ATTEMPT) this.#putOutcome(known.t, t, client)
    if (known.state !== 'attempting' && isOutcome) this.#put(t, client, ATTEMPT, missing.attempt)
    if (kind === AWAY && known.state === 'online') this.#put(t, client, DISCONNECTED, missing.disconnect)
    if (kind === AWAY && known.state === 'attempting') {
      this.#put(Math.min(t, known.t + CONNECT_NS), client, CONNECTED, missing.connection)
      this.#put(t, client, DISCONNECTED, missing.disconnect)
    }
    if (kind !== DISCONNECTED || known.state === 'online') return
    const attemptT = known.state === 'attempting' ? known.t : Math.min(t, known.t + this.#waitNs)
    if (known.state !== 'attempting') this.#put(attemptT, client, ATTEMPT, missing.connection)
    this.#put(Math.min(t, attemptT + CONNECT_NS), client, CONNECTED, missing.connection)
  }

  /** Two attempts in a row: it connected and disconnected where there is time for that, else it was refused. */
  #putOutcome(fromT: number, toT: number, client: number): void {
    const what = missing.outcome
    const out = toT - this.#waitNs
    if (out - CONNECT_NS <= fromT) this.#put(Math.min(fromT + CONNECT_NS, toT), client, FAILED, what)
    else {
      this.#put(fromT + CONNECT_NS, client, CONNECTED, what)
      this.#put(out, client, DISCONNECTED, what)
    }
  }

  /**
   * At the end no client is in between for long, and every client of the fleet connected once. An attempt has an outcome, whatever
   * it is. A client that is offline and does not try has lost its rows, or is lost itself: as many are taken for the first as the rows
   * that others miss make likely.
   */
  close(clients: number): void {
    const silent: [client: number, known: Known][] = []
    for (let client = 0; client < clients; client++) {
      const known = this.#state.get(client) ?? { state: 'offline' as State, t: 0 }
      const patience = PATIENCE_NS + (known.state === 'offline' ? this.#maxWaitNs : 0)
      if (known.t + patience >= this.#stoppingT) continue
      if (known.state === 'offline') silent.push([client, known])
      else this.#settle(client, known, this.#stoppingT)
    }
    if (this.#mayBeSilent(silent.length, clients))
      for (const [client, known] of silent)
        if (this.#away > 0 && this.#isPersistent(client) && known.t > 0)
          this.#put(known.t, client, AWAY, missing.away)
        else this.#settle(client, known, this.#stoppingT)
    this.rows.sort((a, b) => a.t - b.t)
  }

  /** Whether so many clients may have lost every row since they were offline by the accident that others lost theirs by. */
  #mayBeSilent(silent: number, clients: number): boolean {
    // Not every row that is missing leaves a gap.
    const share = (1.5 * this.missing) / Math.max(1, this.#checked)
    if (share > TORN_SHARE) return true
    // An attempt and its outcome, and the row of leaving where others have it.
    const lost = clients * share ** (this.#left > clients / 2 ? 3 : 2)
    // One row says that a client stays away by plan.
    return chanceOfAtLeast(silent, lost + this.#away * share) > ACCIDENT_CHANCE
  }

  /** Puts back how a client got the connection that it must have had before `untilT`. */
  #settle(client: number, { state, t }: Known, untilT: number): void {
    if (state !== 'attempting' && state !== 'offline') return
    const attemptT = state === 'attempting' ? t : Math.min(t + this.#waitNs, untilT - 2 * CONNECT_NS)
    if (state === 'offline') this.#put(attemptT, client, ATTEMPT, missing.firstAttempt)
    this.#put(attemptT + CONNECT_NS, client, CONNECTED, missing.lastOutcome)
  }

  #put(t: number, client: number, kind: number, what: string): void {
    if (this.missing++ === 0) this.example = [what, client]
    this.rows.push({ t, client, kind, from: -1 })
  }
}

function after(kind: number, state: State): State {
  if (kind === ATTEMPT) return 'attempting'
  if (kind === CONNECTED) return 'online'
  if (kind === REFUSED || kind === FAILED) return 'turned-away'
  if (kind === DISCONNECTED) return 'offline'
  if (kind === LEFT || kind === GAVE_UP || kind === AWAY) return 'done'
  return state
}

function columnsOf(
  clients: ClientEvents,
  rows: readonly Row[],
  isPersistent: (client: number) => boolean,
): ClientEvents {
  // Row 0 stands in where a row was put back; all but its target is set below.
  const table = pickClientRows(
    clients,
    rows.map(({ from }) => Math.max(0, from)),
  )
  for (const [i, { t, client, kind, from }] of rows.entries())
    if (from < 0)
      setClientRow(
        table,
        i,
        t,
        client,
        kind,
        0,
        -1,
        kind === CONNECTED ? Number(isPersistent(client)) : -1,
        table.target[i]!,
      )
  return table
}
