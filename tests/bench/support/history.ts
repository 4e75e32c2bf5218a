import * as assert from 'uvu/assert'
import { type Columns, withWords } from '#weir/bench/events/event-log.ts'
import type { FleetCounters } from '#weir/bench/types.ts'
import {
  type BreachCounts,
  CLIENT_EVENT_KINDS,
  type ClientEvents,
  type ProtocolBreach,
} from '#weir/facts/index.ts'

export interface Row {
  t: number
  client: number
  kind: string
  reason: string
  code: number
  sessionPresent: number
  target: string
}

/** The events of a fleet in words. */
export class History {
  readonly rows: Row[] = []
  /** Packets out of place that the broker sent. */
  readonly breaches: BreachCounts = {}
  readonly #targets: readonly string[]

  constructor(targets: readonly string[] = ['target']) {
    this.#targets = targets
  }

  readonly addColumns = (columns: Columns): void => this.add(withWords(columns, this.#targets))

  readonly add = (batch: ClientEvents): void => {
    for (const [breach, count] of Object.entries(batch.breaches ?? {}) as [ProtocolBreach, number][])
      this.breaches[breach] = (this.breaches[breach] ?? 0) + count
    for (const column of [
      batch.t,
      batch.client,
      batch.kind,
      batch.reason,
      batch.code,
      batch.sessionPresent,
      batch.target,
    ])
      assert.is(column.length, batch.length, 'every column is as long as its batch')
    for (let i = 0; i < batch.length; i++)
      this.rows.push({
        t: batch.t[i]!,
        client: batch.client[i]!,
        kind: CLIENT_EVENT_KINDS[batch.kind[i]!]!,
        reason: batch.reasons[batch.reason[i]!]!,
        code: batch.code[i]!,
        sessionPresent: batch.sessionPresent[i]!,
        target: batch.targets[batch.target[i]!]!,
      })
  }

  of(client: number): Row[] {
    return this.rows.filter((row) => row.client === client)
  }

  /** One client's life in words: "scheduled, attempt, refused connack 156". */
  story(client: number): string[] {
    return this.of(client).map(({ kind, reason, code }) =>
      [kind, reason, code < 0 ? '' : code].filter((word) => word !== '').join(' '),
    )
  }

  count(kind: string, reason?: string): number {
    return this.rows.filter((row) => row.kind === kind && (reason === undefined || row.reason === reason))
      .length
  }
}

/** What may follow what: the grammar of one client's events. */
const NEXT: Record<string, readonly string[]> = {
  '': ['scheduled'],
  scheduled: ['attempt'],
  attempt: ['connected', 'refused', 'failed'],
  connected: ['subscribed', 'subscribe-refused', 'subscribe-unanswered', 'disconnected', 'left'],
  subscribed: ['disconnected', 'left'],
  'subscribe-refused': ['disconnected', 'left'],
  'subscribe-unanswered': ['disconnected', 'left'],
  refused: ['attempt', 'gave-up'],
  failed: ['attempt', 'gave-up'],
  disconnected: ['attempt', 'gave-up'],
  left: [],
  // Of a fleet with churn.
  parted: ['attempt'],
  'gave-up': [],
}

/** The last event of a client that is online. */
const ONLINE = ['connected', 'subscribed', 'subscribe-refused']

/** Every client's events form a sentence of the grammar, in time's order, and the counters tell the same. */
export function assertLawful(history: History, clients: number, counters?: FleetCounters): void {
  const last = Array.from({ length: clients }, () => '')
  const lastT = Array.from({ length: clients }, () => Number.NEGATIVE_INFINITY)
  for (const { client, kind, reason, t } of history.rows) {
    assert.ok(client < clients, `client ${client}`)
    assert.ok(
      NEXT[last[client]!]!.includes(kind),
      `client ${client}: ${kind} after ${last[client] || 'nothing'}`,
    )
    assert.ok(t >= lastT[client]!, `client ${client}: ${kind} at ${t}, before what it follows`)
    last[client] = kind === 'left' && reason === '' ? 'parted' : kind
    lastT[client] = t
  }
  if (!counters) return
  const online = last.filter((kind) => ONLINE.includes(kind)).length
  assert.equal(
    counters,
    {
      scheduled: history.count('scheduled'),
      attempts: history.count('attempt'),
      connected: history.count('connected'),
      refused: history.count('refused'),
      failed: history.count('failed'),
      slowHandshakes: counters.slowHandshakes,
      disconnected: history.count('disconnected'),
      gaveUp: history.count('gave-up'),
      cannotPublish: counters.cannotPublish,
      online,
      inFlight: last.filter((kind) => kind === 'attempt').length,
      droppedEvents: 0,
      subscribesRefused: history.count('subscribe-refused'),
      subscribed: counters.subscribed,
      published: counters.published,
      acknowledged: counters.acknowledged,
      received: counters.received,
    },
    'the counters tell what the events tell',
  )
}
