/** Small, honest operations as records: a resize of three nodes, and a change that cannot be made and is taken back. */
import type { Parameters, RecordEvent, Resources } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { podEvent, S } from './made-events.ts'
import { parameters } from './made-run.ts'

export const TRIGGER = 20 * S
export const END = 60 * S
const CLIENTS = 30
const PODS = [0, 1, 2]

export const SMALL: Resources = {
  requests: { cpu: '500m', memory: '1Gi' },
  limits: { cpu: '1', memory: '1Gi' },
}
export const LARGE: Resources = { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '2', memory: '2Gi' } }

export interface Operation {
  parameters?: Partial<Parameters>
  moreEvents?: RecordEvent[]
  /** Kinds of events that the record does not have. */
  without?: RecordEvent['type'][]
  end?: 'completed' | 'failed' | 'interrupted'
}

export const setEvent = (
  t: number,
  name: string,
  replicas: number,
  readyReplicas = replicas,
): RecordEvent => ({
  ...{ t, type: 'set', kind: 'StatefulSet', name, createdUnixMs: 1, deleted: false },
  ...{ specReplicas: replicas, replicas, readyReplicas },
})

export const crEvent = (t: number, generation: number, version: string, settled = true): RecordEvent => ({
  ...{
    t,
    type: 'cr',
    generation,
    version,
    settled,
    updating: false,
    condition: settled ? 'Ready' : 'Available',
  },
  ...{ evacuations: [], nodes: [], deleted: false },
})

export const endpointsEvent = (t: number, ready: string[]): RecordEvent => ({
  ...{ t, type: 'endpoints', service: 'emqx', ready },
})

function made(events: RecordEvent[], { without = [], end = 'completed', ...changes }: Operation): RunRecord {
  const rows: ClientEventRow[] = []
  for (let client = 0; client < CLIENTS; client++) {
    rows.push({ t: 2 * S + client, client, kind: 'attempt' })
    rows.push({ t: 2 * S + client + 1e6, client, kind: 'connected', code: 0 })
  }
  const marks: RecordEvent[] = [
    { t: TRIGGER, type: 'mark', name: 'trigger' },
    { t: 45 * S, type: 'mark', name: 'operation-done' },
    { t: END - 4 * S, type: 'mark', name: 'hold-end' },
    { t: END, type: 'mark', name: 'fleet-stopping' },
  ]
  const all = [...events, ...marks, ...(changes.moreEvents ?? [])]
  return recordOf({
    parameters: parameters({ clients: CLIENTS, nodes: 3, ...changes.parameters }),
    manifest: { end: { t: END, how: end } },
    fleet: fleetOf(CLIENTS, [{ name: 'clean', protocol: '5', persistent: false, subscribed: false }]),
    clients: rows,
    events: all.filter(({ type }) => !without.includes(type)).sort((a, b) => a.t - b.t),
    scrapes: [],
  })
}

const before = (): RecordEvent[] => [
  setEvent(0.2 * S, 'blue', 3),
  ...PODS.map((i) => ({ ...podEvent(`blue-${i}`, 0.5 * S), resources: SMALL, container: { restarts: 0 } })),
  endpointsEvent(1 * S, ['blue-0', 'blue-1', 'blue-2']),
  crEvent(1 * S, 1, '5.8.6'),
]

/** From small to large: green takes over from blue. */
export const madeResize = (changes: Operation = {}): RunRecord =>
  made(
    [
      ...before(),
      setEvent(21 * S, 'green', 3),
      ...PODS.map((i) => ({
        ...podEvent(`green-${i}`, 25 * S),
        resources: LARGE,
        container: { restarts: 0 },
      })),
      ...PODS.map((i) => ({
        ...podEvent(`blue-${i}`, 40 * S),
        resources: SMALL,
        deleting: true,
        deleted: true,
      })),
      setEvent(41 * S, 'blue', 0),
    ],
    { ...changes, parameters: { targetResources: LARGE, ...changes.parameters } },
  )

/** To 5.8.99, which cannot be pulled, and back to 5.8.6. An operator that tidies up removes the set of it. */
export const madeReverted = (changes: Operation = {}): RunRecord =>
  made(
    [
      ...before(),
      crEvent(20.1 * S, 2, '5.8.99', false),
      setEvent(21 * S, 'green', 3, 0),
      ...PODS.map((i) => stuck(i, 22 * S)),
      crEvent(40 * S, 3, '5.8.6'),
      setEvent(41 * S, 'green', 0, 0),
      ...PODS.map((i) => ({ ...stuck(i, 42 * S), deleting: true, deleted: true })),
    ],
    changes,
  )

const stuck = (i: number, t: number) => ({
  ...podEvent(`green-${i}`, t),
  ...{ phase: 'Pending', ready: false, blocked: 'ImagePullBackOff: no such image' },
})

/** The set of the change, as released operators leave it. */
export const LEFT: RecordEvent[] = [setEvent(43 * S, 'green', 3, 0), ...PODS.map((i) => stuck(i, 43.5 * S))]

export const gap = (kind: string): RecordEvent => ({
  ...{
    t: END - 4.5 * S,
    type: 'watch-gap',
    kind,
    fromT: TRIGGER + 1 * S,
    reason: 'the connection was reset',
  },
})
