/**
 * Three clients of one small run, to be changed row by row: "speaker" has a will and publishes, "listener" hears both, and "shy"
 * does neither. The speaker's node evicts it at +20 s, and it is back a second later.
 */
import type { FleetTable, GroupWill, Messages, Receipt, RecordEvent, WillReceipt } from '#weir/facts/index.ts'
import { type ClientEventRow, type RunRecord, recordOf } from '#weir/record/index.ts'
import { accountOf, messagesOf, receiptOf } from '../../support/messages.ts'
import { listing, NODE, podEvent, S } from './made-events.ts'
import { parameters } from './made-run.ts'

export const SPEAKER = 0
export const LISTENER = 1
export const END_T = 200 * S
export const EVICTED_T = 40 * S
const POD = 'blue-0'

export interface SmallTalk {
  will?: Partial<GroupWill>
  wills?: WillReceipt[]
  receipt?: Partial<Receipt>
  account?: Partial<Messages>
  /** Instead of the eviction and the return of the speaker. */
  speaker?: ClientEventRow[]
  /** Further rows of the listener. */
  listener?: ClientEventRow[]
  /** When the speaker's node is killed. */
  deletingT?: number
  /** When it begins to move sessions. */
  movingT?: number
  takeoverMayDuplicate?: boolean
  /** Of the listener's group. */
  persistent?: boolean
}

export const connect = (client: number, t: number, sessionPresent = true): ClientEventRow[] => [
  { t: t - 1e6, client, kind: 'attempt' },
  { t, client, kind: 'connected', sessionPresent },
]
export const evict = (client: number, t: number): ClientEventRow => ({
  t,
  client,
  kind: 'disconnected',
  reason: 'disconnect-packet',
  code: 0x9c,
})

export const will = (t: number, attempt = 1): WillReceipt => ({
  publisher: SPEAKER,
  attempt,
  subscriber: LISTENER,
  t,
})

export function smallTalk(changes: SmallTalk = {}): RunRecord {
  const group = { protocol: '5', persistent: true, subscribed: true } as const
  const spoken: GroupWill = { qos: 1, delaySeconds: 0, sessionSeconds: 3600, retain: false, ...changes.will }
  const fleet: FleetTable = {
    ids: ['speaker', 'listener', 'shy'],
    group: [0, 1, 2],
    groups: [
      { ...group, name: 'speaking', publishes: { qos: 2, everyMs: 3000 }, will: spoken },
      { ...group, name: 'listening', persistent: changes.persistent ?? true },
      { ...group, name: 'silent', subscribed: false },
    ],
    willWatchers: [[LISTENER], [], []],
  }
  const rows: ClientEventRow[] = [
    ...connect(SPEAKER, 5 * S, false),
    ...connect(LISTENER, 6 * S, false),
    ...connect(2, 7 * S, false),
    ...(changes.speaker ?? [evict(SPEAKER, EVICTED_T), ...connect(SPEAKER, EVICTED_T + S)]),
    ...(changes.listener ?? []),
    ...[0, 1, 2].map(
      (client): ClientEventRow => ({ t: END_T + 1e6, client, kind: 'left', reason: 'stopped' }),
    ),
  ]
  const { takeoverMayDuplicate } = changes
  const base = parameters({ clients: 3 })
  return recordOf({
    parameters: {
      ...base,
      dialect: { ...base.dialect, ...(takeoverMayDuplicate !== undefined && { takeoverMayDuplicate }) },
    },
    manifest: { end: { t: END_T + S, how: 'completed' } },
    fleet,
    clients: rows,
    events: [
      { t: 10 * S, type: 'mark', name: 'fleet-ready' },
      { t: 20 * S, type: 'mark', name: 'trigger' },
      { t: END_T, type: 'mark', name: 'fleet-stopping' },
      podEvent(POD, 0),
      ...(changes.deletingT === undefined
        ? []
        : [{ ...podEvent(POD, changes.deletingT), ready: false, deleting: true }]),
      ...listings(rows, fleet.ids),
      ...(changes.movingT === undefined ? [] : moving(changes.movingT)),
    ],
    messages: messagesOf(
      [
        accountOf(SPEAKER, 'weir/fleet/1/data', {
          qos: 2,
          sent: 50,
          acknowledged: 50,
          receipts: [receiptOf(LISTENER, { received: 50, ...changes.receipt })],
        }),
      ],
      {
        wills: changes.wills ?? [will(EVICTED_T + 0.1 * S)],
        beganT: 11 * S,
        endedT: END_T - 10 * S,
        ...changes.account,
      },
    ),
  })
}

/** The one node says whom it holds, shortly after each connection. */
function listings(rows: readonly ClientEventRow[], ids: readonly string[]): RecordEvent[] {
  const isOn = (client: number, t: number) =>
    rows
      .filter(
        (row) => row.client === client && row.t <= t && ['connected', 'disconnected'].includes(row.kind),
      )
      .sort((a, b) => a.t - b.t)
      .at(-1)?.kind === 'connected'
  return rows
    .filter(({ kind }) => kind === 'connected')
    .map(({ t }) => t + 0.2 * S)
    .map((t) => ({
      ...listing(
        POD,
        t,
        ids.filter((_, client) => isOn(client, t)),
      ),
      tookNs: 1e6,
    }))
}

/** EMQX's account of an evacuation that has come to the sessions at `t`. */
function moving(t: number): RecordEvent[] {
  const evacuation = {
    node: NODE(POD),
    connectionEvictionRate: 10,
    sessionEvictionRate: 10,
    recipients: [],
    initialConnected: 3,
    initialSessions: 3,
    currentConnected: 0,
    currentSessions: 1,
  }
  const sample = { type: 'evacuation', via: POD, tookNs: 1e6 } as const
  return [
    { ...sample, t: t - S, evacuations: [{ ...evacuation, state: 'waiting_takeover' }] },
    { ...sample, t, evacuations: [{ ...evacuation, state: 'evicting_sessions' }] },
  ]
}
