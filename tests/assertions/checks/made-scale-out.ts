/** A small, honest scale-out as a record: 3 nodes with 30 clients become 5, and 300 newcomers show where new clients land. */
import type { RecordEvent } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { NODE, podEvent, S } from './made-events.ts'
import { parameters } from './made-run.ts'

export const TRIGGER = 20 * S
export const END = 60 * S
const ADDED = 25 * S
const CLIENTS = 30

export interface ScaleOut {
  /** Rows and events put on top. */
  moreClients?: ClientEventRow[]
  moreEvents?: RecordEvent[]
  /** Where a client of the fleet connects. */
  target?: (client: number) => string
  /** How many newcomers each of the five pods takes; none came where left out by `null`. */
  took?: number[] | null
  refused?: number
  /** Pods in the Service at the end. */
  serving?: string[]
  /** When the added pods come into the Service. */
  servedT?: number
  /** EMQX's members at the end. */
  members?: { node: string; running: boolean; version: string }[]
  end?: 'completed' | 'failed' | 'interrupted'
}

const BEFORE = ['blue-0', 'blue-1', 'blue-2']
export const AFTER = [...BEFORE, 'blue-3', 'blue-4']
export const member = (pod: string, running = true) => ({ node: NODE(pod), running, version: '5.8.9' })

export function madeScaleOut(changes: ScaleOut = {}): RunRecord {
  const rows: ClientEventRow[] = []
  for (let client = 0; client < CLIENTS; client++) {
    rows.push({ t: 2 * S + client, client, kind: 'attempt' })
    const target = changes.target?.(client) ?? ''
    rows.push({ t: 2 * S + client + 1e6, client, kind: 'connected', code: 0, target })
  }
  const { took = [62, 58, 61, 55, 64], refused = 0, servedT = 27 * S } = changes
  const set = (t: number, replicas: number): RecordEvent => ({
    ...{ t, type: 'set', kind: 'StatefulSet', name: 'blue', createdUnixMs: 1, deleted: false },
    ...{ specReplicas: replicas, replicas, readyReplicas: replicas },
  })
  const endpoints = (t: number, ready: string[]): RecordEvent => ({
    t,
    type: 'endpoints',
    service: 'emqx',
    ready,
  })
  const nodes = (t: number, list: ReturnType<typeof member>[]): RecordEvent => ({
    ...{ t, type: 'nodes', via: 'blue-0', tookNs: 1e6, nodes: list },
  })
  const events: RecordEvent[] = [
    set(0.2 * S, 3),
    ...BEFORE.map((pod) => podEvent(pod, 0.5 * S)),
    endpoints(1 * S, BEFORE),
    nodes(
      10 * S,
      BEFORE.map((pod) => member(pod)),
    ),
    { t: TRIGGER, type: 'mark', name: 'trigger' },
    set(TRIGGER + 1, 5),
    ...AFTER.slice(3).map((pod) => podEvent(pod, ADDED)),
    endpoints(servedT, changes.serving ?? AFTER),
    { t: 30 * S, type: 'mark', name: 'operation-done' },
    nodes(END - 5 * S, changes.members ?? AFTER.map((pod) => member(pod))),
    { t: END - 4 * S, type: 'mark', name: 'hold-end' },
    ...(took === null
      ? []
      : [
          {
            ...{
              t: END - 1 * S,
              type: 'newcomers',
              fromT: END - 3 * S,
              clients: 300,
              failed: 0,
              refused,
              overQuota: 0,
            },
            ...{ connected: 300 - refused, complete: true },
            nodes: AFTER.map((pod, i) => ({ node: NODE(pod), clients: took[i]! })),
          } satisfies RecordEvent,
        ]),
    { t: END, type: 'mark', name: 'fleet-stopping' },
    ...(changes.moreEvents ?? []),
  ]
  return recordOf({
    parameters: parameters({ clients: CLIENTS, nodes: 5 }),
    manifest: { end: { t: END, how: changes.end ?? 'completed' } },
    fleet: fleetOf(CLIENTS, [{ name: 'clean', protocol: '5', persistent: false, subscribed: false }]),
    clients: [...rows, ...(changes.moreClients ?? [])],
    events: events.sort((a, b) => a.t - b.t),
    scrapes: [],
  })
}
