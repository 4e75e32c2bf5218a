/** A small, honest stop of two nodes with ten clients as a record, and then a start or a deletion. */
import type { LeftoversEvent, RecordEvent } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { podEvent, S } from './made-events.ts'
import { parameters } from './made-run.ts'

export const STOP = 20 * S
export const GONE = 23 * S
export const NEXT = 30 * S
export const END = 60 * S
const CLIENTS = 10
const PODS = ['blue-0', 'blue-1']

export interface Deletion {
  next: 'start' | 'delete' | 'nothing'
  /** When each pod is gone; null for never. */
  goneT?: (number | null)[]
  /** Pods after the start. */
  started?: string[]
  /** The resource's own end; null for never. */
  deletedT?: number | null
  found?: LeftoversEvent['found']
  unlisted?: LeftoversEvent['unlisted']
  looked?: boolean
  moreClients?: ClientEventRow[]
  moreEvents?: RecordEvent[]
  end?: 'completed' | 'failed' | 'interrupted'
}

type CrEvent = Extract<RecordEvent, { type: 'cr' }>

const action = (t: number, name: string): RecordEvent[] => [
  { t, type: 'action', id: name, action: name, phase: 'start', detail: '' },
  { t: t + 1e6, type: 'action', id: name, action: name, phase: 'done', detail: '' },
]

const resource = (t: number, more: Partial<CrEvent> = {}): CrEvent => ({
  ...{
    t,
    type: 'cr',
    generation: 1,
    settled: true,
    updating: false,
    evacuations: [],
    nodes: [],
    deleted: false,
  },
  ...more,
})

function followed({ next, ...changes }: Deletion): RecordEvent[] {
  if (next === 'nothing') return []
  if (next === 'start')
    return [...action(NEXT, 'start'), ...(changes.started ?? PODS).map((pod) => fresh(pod, 33 * S))]
  const { deletedT = NEXT + S, found = [], unlisted = [], looked = true } = changes
  return [
    ...action(NEXT, 'delete'),
    ...(deletedT === null ? [] : [resource(deletedT, { deleted: true })]),
    ...(looked ? [{ t: NEXT + 2 * S, type: 'leftovers', found, unlisted } satisfies RecordEvent] : []),
  ]
}

const fresh = (pod: string, t: number) => ({ ...podEvent(pod, t), uid: `new-${pod}` })

export function madeDeletion(changes: Deletion): RunRecord {
  const { goneT = [GONE - S, GONE] } = changes
  const rows: ClientEventRow[] = []
  for (let client = 0; client < CLIENTS; client++) {
    rows.push({ t: 2 * S + client, client, kind: 'attempt' })
    rows.push({ t: 2 * S + client + 1e6, client, kind: 'connected', code: 0 })
    rows.push({ t: STOP + S, client, kind: 'disconnected', reason: 'closed' })
  }
  const events: RecordEvent[] = [
    resource(0.1 * S),
    ...PODS.map((pod) => podEvent(pod, 0.5 * S)),
    { t: STOP + 5e5, type: 'mark', name: 'trigger' },
    ...action(STOP, 'stop'),
    ...PODS.flatMap((pod, i) => {
      const t = goneT[i] ?? null
      return t === null ? [] : [{ ...podEvent(pod, t), ready: false, deleting: true, deleted: true }]
    }),
    ...followed(changes),
    { t: END, type: 'mark', name: 'fleet-stopping' },
    ...(changes.moreEvents ?? []),
  ]
  return recordOf({
    parameters: parameters({ clients: CLIENTS, nodes: 2 }),
    manifest: { end: { t: END, how: changes.end ?? 'completed' } },
    fleet: fleetOf(CLIENTS, [{ name: 'clean', protocol: '5', persistent: false, subscribed: false }]),
    clients: [...rows, ...(changes.moreClients ?? [])],
    events: events.sort((a, b) => a.t - b.t),
    scrapes: [],
  })
}

export { action, fresh, resource }
