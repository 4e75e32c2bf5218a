/** A small, honest rebalance as a record: 40 clients on one of three nodes, 10 a second, until it has 20 and the others 10 each. */
import type { Parameters, RebalanceEvent, RecordEvent } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { listing, NODE, podEvent, S } from './made-events.ts'
import { setEvent } from './made-operations.ts'
import { parameters } from './made-run.ts'

export const TRIGGER = 20 * S
export const END = 50 * S
export const DONE = 34 * S
const CLIENTS = 40
const PODS = ['blue-0', 'blue-1', 'blue-2']

export interface MadeRebalance {
  /** Clients that each tick evicts. */
  perTick?: number
  ticks?: number
  parameters?: Partial<Parameters>
  moreClients?: ClientEventRow[]
  moreEvents?: RecordEvent[]
  rebalance?: Partial<NonNullable<Parameters['rebalance']>> | null
  /** What the operator's resource says from then on; the last counts. */
  phases?: [fromT: number, phase: string, message?: string][]
  /** EMQX said so instead of beginning. */
  nothing?: boolean
  /** The operator's end. */
  done?: boolean
}

const id = (client: number) => `c${client}`

export function madeRebalance(changes: MadeRebalance = {}): RunRecord {
  const { perTick = 10, ticks = 2, phases = [], nothing = false, done = true } = changes
  const moved = nothing ? 0 : perTick * ticks
  const rows: ClientEventRow[] = []
  for (let client = 0; client < CLIENTS; client++) {
    rows.push({ t: 2 * S + client, client, kind: 'attempt' })
    rows.push({ t: 2 * S + client + 1e6, client, kind: 'connected', code: 0 })
    if (client >= moved) continue
    const t = (25 + Math.floor(client / perTick)) * S + client
    rows.push({ t, client, kind: 'disconnected', reason: 'closed' })
    rows.push({ t: t + S, client, kind: 'attempt' })
    rows.push({ t: t + S + 1e6, client, kind: 'connected', code: 0 })
  }
  const all = Array.from({ length: CLIENTS }, (_, client) => client)
  const on = (pod: number, isAfter: boolean) =>
    all.filter((client) => (isAfter && client < moved ? (client % 2) + 1 === pod : pod === 0)).map(id)
  const nodes = (t: number, isAfter: boolean): RecordEvent => ({
    ...{ t, type: 'nodes', via: 'blue-0', tookNs: 1e6 },
    nodes: PODS.map((pod, i) => ({
      ...{ node: NODE(pod), running: true, version: '5.8.9' },
      liveConnections: on(i, isAfter).length,
    })),
  })
  const sides = { donors: [NODE('blue-0')], recipients: [NODE('blue-1'), NODE('blue-2')] }
  const given = parameters({
    ...{ clients: CLIENTS, nodes: 3, ...changes.parameters },
    ...(!nothing &&
      changes.rebalance !== null && {
        rebalance: { ...sides, absConnThreshold: 10, relConnThreshold: 1.1, ...changes.rebalance },
      }),
  })
  const resourceAt = (t: number): RebalanceEvent['resource'] => {
    const [, phase, message] = phases.findLast(([fromT]) => fromT <= t) ?? []
    return phase === undefined ? undefined : { name: 'r', phase, ...(message && { message }) }
  }
  const samples: RecordEvent[] = []
  for (let t = 22 * S; t < DONE; t += S) {
    const resource = resourceAt(t)
    const state = t < 25 * S ? 'wait_health_check' : t < 27 * S ? 'evicting_conns' : 'wait_takeover'
    samples.push({
      ...{ t, type: 'rebalance', via: 'blue-0', tookNs: 1e6 },
      rebalances:
        t >= DONE - S
          ? []
          : [
              {
                ...{ coordinator: NODE('blue-1'), state, ...sides },
                ...{ connectionEvictionRate: 10, sessionEvictionRate: 10 },
              },
            ],
      ...(resource && { resource }),
    })
  }
  const events: RecordEvent[] = [
    setEvent(0.2 * S, 'blue', 3),
    ...PODS.map((pod) => podEvent(pod, 0.5 * S)),
    ...[10 * S, 19 * S].flatMap((t) => PODS.map((pod, i) => listing(pod, t, on(i, false)))),
    nodes(19 * S, false),
    { t: TRIGGER, type: 'mark', name: 'trigger' },
    ...(nothing
      ? [
          {
            ...{ t: 21 * S, type: 'rebalance', via: 'r', tookNs: 0, rebalances: [] },
            outcome: 'nothing-to-balance',
          } satisfies RecordEvent,
        ]
      : samples),
    ...(done && !nothing ? [{ t: DONE, type: 'mark', name: 'rebalance-done' } satisfies RecordEvent] : []),
    ...[36 * S, 44 * S].flatMap((t) => PODS.map((pod, i) => listing(pod, t, on(i, true)))),
    nodes(40 * S, true),
    { t: END, type: 'mark', name: 'fleet-stopping' },
    ...(changes.moreEvents ?? []),
  ]
  return recordOf({
    parameters: given,
    manifest: { end: { t: END, how: 'completed' } },
    fleet: fleetOf(CLIENTS, [{ name: 'clean', protocol: '5', persistent: false, subscribed: false }]),
    clients: [...rows, ...(changes.moreClients ?? [])].sort((a, b) => a.t - b.t),
    events: events.sort((a, b) => a.t - b.t),
    scrapes: [],
  })
}
